using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Swaps.Providing;

/// <summary>
/// How much of a provider's money and patience strangers may take up. To ask for a swap costs nothing, and an account next to nothing, so what one account may
/// do is bounded, and what all may do together.
/// </summary>
public sealed record SwapLimits
{
    /// <summary>Swaps that are under way at a time.</summary>
    public int OpenMax { get; init; } = 256;

    /// <summary>The same for one account.</summary>
    public int OpenPerAccountMax { get; init; } = 8;

    /// <summary>What one account's swaps that are under way may come to.</summary>
    public Satoshis AmountPerAccountMax { get; init; } = new(5_000_000);

    /// <summary>Swaps that wait for their client at a time: each sets money aside.</summary>
    public int WaitingMax { get; init; } = 32;

    /// <summary>The same for one account.</summary>
    public int WaitingPerAccountMax { get; init; } = 3;

    /// <summary>What may be set aside for swaps that wait for their client.</summary>
    public Satoshis WaitingAmountMax { get; init; } = new(10_000_000);

    /// <summary>Swaps that were agreed on and not begun, within <see cref="LapsedBlocks"/>: with as many an account gets no more.</summary>
    public int LapsedPerAccountMax { get; init; } = 6;

    /// <summary>The same for all accounts together.</summary>
    public int LapsedMax { get; init; } = 128;

    /// <summary>Blocks for which a swap counts that was not begun.</summary>
    public int LapsedBlocks { get; init; } = 144;

    /// <summary>Why another swap is not agreed on; null where it is.</summary>
    /// <param name="account">Who asks.</param>
    /// <param name="amount">How much, on Bitcoin.</param>
    /// <param name="open">Swaps that are under way.</param>
    /// <param name="lapsed">Those of late that were not begun.</param>
    /// <param name="tip">Bitcoin's height.</param>
    public Refusal? Check(uint account, Satoshis amount, IReadOnlyCollection<PromisedSwap> open, IReadOnlyCollection<LapsedSwap> lapsed, int tip)
    {
        if (CheckAll(open, lapsed, tip) is { } full)
            return full;
        if (amount.Value > FreeOf(open))
            return new Refusal("amount", $"{FreeOf(open)} sat are left of the {WaitingAmountMax} that are set aside for swaps which nobody has begun: ask again later, or for less");
        var own = open.Where(swap => swap.Account == account).ToList();
        if (own.Count >= OpenPerAccountMax)
            return new Refusal("account", $"has {own.Count} swaps under way, as many as one may: ask again when one of them is over");
        if (own.Count(static swap => swap.IsWaiting) >= WaitingPerAccountMax)
            return new Refusal("account", $"has {WaitingPerAccountMax} swaps that wait for it: begin or give up one of them");
        var sum = own.Sum(static swap => swap.Amount.Value);
        if (amount.Value > AmountPerAccountMax.Value - sum)
            return new Refusal("amount", $"{Math.Max(0, AmountPerAccountMax.Value - sum)} sat are left of the {AmountPerAccountMax} that one account may have under way");
        List<LapsedSwap> late = [.. lapsed.Where(swap => swap.Account == account && Counts(swap, tip))];
        return late.Count >= LapsedPerAccountMax
            ? new Refusal("account", $"has asked for {late.Count} swaps of late and begun none of them: ask again from height {late.Select(static swap => swap.Height).Order().ElementAt(late.Count - LapsedPerAccountMax) + LapsedBlocks} on")
            : null;
    }

    /// <summary>Why nobody gets another swap now; null where somebody may.</summary>
    public Refusal? CheckAll(IReadOnlyCollection<PromisedSwap> open, IReadOnlyCollection<LapsedSwap> lapsed, int tip) =>
        open.Count >= OpenMax || open.Count(static swap => swap.IsWaiting) >= WaitingMax || FreeOf(open) <= 0
            ? new Refusal("swaps", "are under way as many as the operator takes: ask again later")
            : lapsed.Count(swap => Counts(swap, tip)) >= LapsedMax ? new Refusal("swaps", "were asked for too often of late and not begun: ask again later") : null;

    /// <summary>What may still be set aside for swaps that wait, in satoshis.</summary>
    public long FreeOf(IReadOnlyCollection<PromisedSwap> open) => Math.Max(0, WaitingAmountMax.Value - open.Where(static swap => swap.IsWaiting).Sum(static swap => swap.Amount.Value));

    /// <summary>Does a swap that was not begun still count?</summary>
    public bool Counts(LapsedSwap swap, int tip) => tip < swap.Height + LapsedBlocks;
}
