using Tributary.Bitcoin.Chain;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;

namespace Tributary.Rollup.Swaps;

/// <summary>
/// Carries a swap out for one party: looks what blocks say, asks <see cref="SwapMachine"/>, notes in the journal what is about to be shown or locked, and does
/// it. All that outlives the process is the journal, so one that dies between any two steps goes on where it was. One owner.
/// </summary>
/// <param name="journal">Begun.</param>
/// <param name="replica">The rollup out of blocks and proofs as it is now; somebody else shows it blocks, before this one.</param>
/// <param name="firstHeight">The height of the first block that <see cref="Observe"/> will show: before the swap was agreed on.</param>
/// <param name="party">The party's wallets.</param>
/// <param name="entropy">For signatures.</param>
/// <param name="announce">Told what is about to be done.</param>
public sealed class SwapRunner(SwapJournal journal, Func<RollupReplica> replica, int firstHeight, ISwapParty party, IEntropy entropy, Action<SwapStep>? announce = null)
{
    // A replacement pays for itself as well (BIP 125, rule 4).
    private const int BumpNumerator = 5;
    private const int BumpDenominator = 4;
    private const long BumpMin = 1_001;
    private const int PatienceBlocks = 3;

    private readonly OnChainHtlcFollower _chain = new(journal.Memory!.Terms.Contract.Value, journal.Memory.Terms.OnChain, firstHeight);
    private (FeeratePerKvB Feerate, int Tip)? _spent;

    private SwapMemory Memory => journal.Memory!;

    private SwapTerms Terms => journal.Memory!.Terms;

    /// <summary>What the party knows that no block shows.</summary>
    public SwapJournal Journal => journal;

    /// <summary>The contract on Bitcoin, as blocks show it.</summary>
    public OnChainHtlcFollower Chain => _chain;

    /// <summary>What the party sees now.</summary>
    public SwapView View => SwapView.Of(Terms, Memory.Margins, replica(), _chain);

    /// <summary>Shows it a change of the chain; <see cref="StepAsync"/> acts on it.</summary>
    public void Observe(ChainEvent change)
    {
        switch (change)
        {
            case ChainEvent.Connected connected when connected.Height == _chain.NextHeight:
                _chain.Connect(connected.Height, connected.Block);
                break;
            case ChainEvent.Disconnected disconnected when disconnected.Height == _chain.NextHeight - 1 && disconnected.Height >= firstHeight:
                _chain.Disconnect(disconnected.Height);
                break;
        }
    }

    /// <summary>Leaves out blocks below a height, which hold nothing of the swap because it was agreed on after them.</summary>
    public void SkipTo(int height) => _chain.SkipTo(height);

    /// <summary>Does what is next; called again and again, it does nothing twice.</summary>
    /// <returns>The step; or why it could not be taken now, to be asked again.</returns>
    public async Task<Result<SwapStep, Refusal>> StepAsync(CancellationToken cancellationToken)
    {
        if (Memory.Outcome is { } ended)
            return ended;
        var view = View;
        var step = new SwapMachine(Memory.Role, Terms, Memory.Margins).Next(view, Memory.HasLocked, Memory.HasRevealed, Memory.IsAborted);
        if (step >= SwapStep.Swapped)
        {
            await journal.EndAsync(step).ConfigureAwait(false);
            return step;
        }

        if (step != SwapStep.Wait)
            announce?.Invoke(step);
        return await ActAsync(step, view, cancellationToken).ConfigureAwait(false) is { } refusal ? refusal : step;
    }

    private async Task<Refusal?> ActAsync(SwapStep step, SwapView view, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case SwapStep.Fund:
                if (!Memory.HasLocked)
                    await journal.LockAsync(null).ConfigureAwait(false);
                return await party.FundAsync(Terms.Contract.Value.ScriptPubKey, Terms.OnChain, $"swap {Terms.Hash}", cancellationToken).ConfigureAwait(false);
            case SwapStep.LockOnRollup:
                return await LockAsync(cancellationToken).ConfigureAwait(false);
            case SwapStep.ClaimOnChain or SwapStep.RefundOnChain:
                return await SpendAsync(step, view, cancellationToken).ConfigureAwait(false);
            case SwapStep.ClaimOnRollup or SwapStep.PostClaim:
                await NoteRevealAsync().ConfigureAwait(false);
                var claim = Unsigned(new ClaimHtlc(view.Htlc!.Value, Preimage(view)));
                return step == SwapStep.PostClaim
                    ? await party.PostAsync(claim, cancellationToken).ConfigureAwait(false)
                    : await party.SubmitAsync(claim, cancellationToken).ConfigureAwait(false);
            case SwapStep.RefundOnRollup:
                return await party.SubmitAsync(Unsigned(new RefundHtlc(view.Htlc!.Value)), cancellationToken).ConfigureAwait(false);
            case SwapStep.PostRefund:
                return await party.PostAsync(Unsigned(new RefundHtlc(view.Htlc!.Value)), cancellationToken).ConfigureAwait(false);
            default:
                return null;
        }
    }

    private async Task<Refusal?> LockAsync(CancellationToken cancellationToken)
    {
        if (Memory.Lock is null)
        {
            var terms = Terms.Lock;
            var by = Memory.Role == SwapRole.Client ? Terms.FirstLockBy(Memory.Margins) : Terms.SecondLockBy(Memory.Margins);
            var operation = new LockHtlc(terms.Asset, terms.Recipient, terms.Amount, terms.Hash, terms.Timeout);
            if (!(await party.SignLockAsync(operation, (uint)by, cancellationToken).ConfigureAwait(false)).TryGet(out var signed, out var refusal))
                return refusal;
            await journal.LockAsync(signed).ConfigureAwait(false);
        }

        return await party.SubmitAsync(Memory.Lock!, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Refusal?> SpendAsync(SwapStep step, SwapView view, CancellationToken cancellationToken)
    {
        var isClaim = step == SwapStep.ClaimOnChain;
        if (!(await FeerateAsync(view.Tip, cancellationToken).ConfigureAwait(false)).TryGet(out var feerate, out var away))
            return away;
        if (isClaim)
            await NoteRevealAsync().ConfigureAwait(false);
        var contract = Terms.Contract.Value;
        var spend = isClaim
            ? contract.Claim(view.Output!.Value, Terms.OnChain, Preimage(view), party.Destination, feerate, party.Key, entropy)
            : contract.Refund(view.Output!.Value, Terms.OnChain, party.Destination, feerate, party.Key, entropy);
        if (!spend.TryGet(out var transaction, out var refusal))
            return refusal;
        if (await party.BroadcastAsync(transaction, cancellationToken).ConfigureAwait(false) is { } refused)
            return refused;
        if (_spent?.Feerate != feerate)
            _spent = (feerate, view.Tip);
        return null;
    }

    private async ValueTask<Result<FeeratePerKvB, Refusal>> FeerateAsync(int tip, CancellationToken cancellationToken)
    {
        if (!(await party.FeerateAsync(Memory.Margins.Confirm / 2, cancellationToken).ConfigureAwait(false)).TryGet(out var feerate, out var away))
            return away;
        if (_spent is not { } spent)
            return feerate;
        var raised = new FeeratePerKvB(Math.Max(spent.Feerate.Value * BumpNumerator / BumpDenominator, spent.Feerate.Value + BumpMin));
        return tip - spent.Tip < PatienceBlocks ? spent.Feerate : raised > feerate ? raised : feerate;
    }

    private async Task NoteRevealAsync()
    {
        if (Memory is { Role: SwapRole.Client, HasRevealed: false })
            await journal.RevealAsync().ConfigureAwait(false);
    }

    private Bytes32 Preimage(SwapView view) => Memory.Preimage ?? view.Preimage!.Value;

    private static ForcedOperation Unsigned(Operation operation) => new(new OperationRequest(operation, null), default);
}
