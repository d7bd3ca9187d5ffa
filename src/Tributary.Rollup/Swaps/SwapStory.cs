using System.Globalization;

namespace Tributary.Rollup.Swaps;

/// <summary>What a swap is at, in a word for programs and in a sentence for people.</summary>
public static class SwapStory
{
    /// <summary>A step as JSON has it.</summary>
    public static string NameOf(SwapStep step) => step switch
    {
        SwapStep.Wait => "wait",
        SwapStep.Fund => "fund",
        SwapStep.LockOnRollup => "lock_on_rollup",
        SwapStep.ClaimOnChain => "claim_on_chain",
        SwapStep.ClaimOnRollup => "claim_on_rollup",
        SwapStep.PostClaim => "post_claim",
        SwapStep.RefundOnChain => "refund_on_chain",
        SwapStep.RefundOnRollup => "refund_on_rollup",
        SwapStep.PostRefund => "post_refund",
        SwapStep.Swapped => "swapped",
        SwapStep.Refunded => "refunded",
        SwapStep.Unlocked => "unlocked",
        _ => "lost",
    };

    /// <summary>A state as JSON has it: "agreed", "locking", "locked", "claiming", "refunding", "given_up", or how it ended.</summary>
    public static string StateOf(SwapMemory memory, SwapView? view) =>
        memory.Outcome is { } outcome ? NameOf(outcome)
        : memory.HasRevealed ? "claiming"
        : view is not null && memory.HasLocked && view.Tip >= memory.Terms.FirstTimeout ? "refunding"
        : memory.IsAborted ? "given_up"
        : !memory.HasLocked ? "agreed"
        : view is null || Own(memory.Terms, view) == ContractState.None ? "locking"
        : "locked";

    /// <summary>The client's swap in a sentence: where the money is, and what comes next.</summary>
    /// <param name="memory">What the client knows.</param>
    /// <param name="view">What blocks show; null where nobody has looked.</param>
    public static string Tell(SwapMemory memory, SwapView? view)
    {
        var terms = memory.Terms;
        var isIn = terms.Direction == SwapDirection.In;
        var (pays, gets) = isIn ? (terms.OnChain, terms.OnRollup) : (terms.OnRollup, terms.OnChain);
        var (paid, got) = isIn ? ("on Bitcoin", "in the rollup") : ("in the rollup", "on Bitcoin");
        return StateOf(memory, view) switch
        {
            "agreed" => Text($"agreed on, nothing is locked; begin by height {terms.FirstLockBy(memory.Margins)} ('tributary rollup swap accept {terms.Hash}') or leave it"),
            "locking" => Text($"{pays} are on their way into the contract {paid}; they can be taken back from height {terms.FirstTimeout} on"),
            "locked" when view is { } seen && Other(terms, seen) == ContractState.Open => Text($"{pays} are locked {paid} and {gets} for you {got}; waits until those are final, then takes them"),
            "locked" => Text($"{pays} are locked {paid}; waits for the operator to lock {gets} {got}, or for height {terms.FirstTimeout} to take them back"),
            "claiming" => Text($"{gets} {got} are being taken: the preimage is shown, so this has to go on until they are (by height {terms.SecondTimeout})"),
            "refunding" => Text($"height {terms.FirstTimeout} is reached: {pays} are being taken back {paid}"),
            "given_up" => memory.HasLocked ? Text($"given up; {pays} {paid} can be taken back from height {terms.FirstTimeout} on: resume it then") : "given up before anything was locked",
            "swapped" => Text($"done: {pays} {paid} became {gets} {got}"),
            "refunded" => Text($"over: {pays} are back {paid}"),
            "unlocked" => "over: nothing was locked",
            _ => "over: the other side has both contracts, which takes a broken margin (docs/rollup/swaps.md, section 4)",
        };
    }

    private static ContractState Own(SwapTerms terms, SwapView view) => terms.Direction == SwapDirection.In ? view.OnChain : view.OnRollup;

    private static ContractState Other(SwapTerms terms, SwapView view) => terms.Direction == SwapDirection.In ? view.OnRollup : view.OnChain;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
