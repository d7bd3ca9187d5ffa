namespace Tributary.Rollup.Swaps;

/// <summary>
/// What a party does next: a pure function of the terms, of what blocks show, and of what the party has done itself. It follows the rules of
/// docs/rollup/swaps.md, section 2, under which an honest party loses nothing whatever the other, and the operator, do.
/// </summary>
/// <param name="role">Who the party is.</param>
/// <param name="terms">What was agreed on.</param>
/// <param name="margins">What it relies on.</param>
public sealed class SwapMachine(SwapRole role, SwapTerms terms, SwapMargins margins)
{
    /// <summary>The next step.</summary>
    /// <param name="view">What blocks show.</param>
    /// <param name="hasLocked">The party may have locked: it has noted that it would.</param>
    /// <param name="hasRevealed">The client may have shown the preimage: it has noted that it would.</param>
    /// <param name="isAborted">The party has given up: it takes no step that locks or shows anything, and all others.</param>
    public SwapStep Next(SwapView view, bool hasLocked, bool hasRevealed, bool isAborted = false)
    {
        var step = (role, terms.Direction) switch
        {
            (SwapRole.Client, SwapDirection.In) => ClientIn(view, hasLocked, hasRevealed, isAborted),
            (SwapRole.Provider, SwapDirection.In) => ProviderIn(view, hasLocked),
            (SwapRole.Client, _) => ClientOut(view, hasLocked, hasRevealed, isAborted),
            _ => ProviderOut(view, hasLocked),
        };
        return isAborted && step is (SwapStep.Fund or SwapStep.LockOnRollup) ? GiveUp(hasLocked) : step;
    }

    // What was noted before may be on its way: it is left to come or not.
    private static SwapStep GiveUp(bool hasLocked) => hasLocked ? SwapStep.Wait : SwapStep.Unlocked;

    private SwapStep ClientIn(SwapView view, bool hasLocked, bool hasRevealed, bool isAborted)
    {
        switch (view.OnChain)
        {
            case var _ when view.OnRollup == ContractState.Claimed:
                return Over(view.IsOnRollupFinal, SwapStep.Swapped);
            case ContractState.None:
                return Lock(view, hasLocked, terms.FirstLockBy(margins), SwapStep.Fund);
            case ContractState.Refunded:
                return Over(view.IsOnChainDeep, SwapStep.Refunded);
        }

        if (view.OnRollup == ContractState.Open && (hasRevealed || !isAborted) && ClaimInRollup(view, hasRevealed) is { } claim)
            return claim;
        if (view.OnChain == ContractState.Claimed)
            return view.OnRollup == ContractState.Refunded ? SwapStep.Lost : SwapStep.Wait;
        return view.Tip >= terms.BitcoinTimeout ? SwapStep.RefundOnChain : SwapStep.Wait;
    }

    // Shown once, the preimage has to get into a block before the timeout: by the sequencer, or by the client's own post.
    private SwapStep? ClaimInRollup(SwapView view, bool hasRevealed)
    {
        if (view.IsClaimPosted)
            return SwapStep.Wait;
        if (!hasRevealed)
            return view.IsOnRollupFinal && view.Tip <= terms.ClaimBy(margins) ? SwapStep.ClaimOnRollup : null;
        if (view.Tip >= terms.RollupTimeout)
            return null;
        return view.Tip >= terms.RollupTimeout - margins.Post ? SwapStep.PostClaim : SwapStep.ClaimOnRollup;
    }

    private SwapStep ProviderIn(SwapView view, bool hasLocked)
    {
        if (view.OnChain == ContractState.Claimed)
            return Over(view.IsOnChainDeep, SwapStep.Swapped);
        switch (view.OnRollup)
        {
            case ContractState.None:
                var isPaid = view is { OnChain: ContractState.Open, IsOnChainDeep: true };
                return isPaid || hasLocked || view.Tip > terms.SecondLockBy(margins) ? LockInRollup(view, hasLocked, terms.SecondLockBy(margins)) : SwapStep.Wait;
            case ContractState.Refunded:
                return Over(view.IsOnRollupFinal, SwapStep.Refunded);
            case ContractState.Open when !view.IsClaimPosted:
                return RefundInRollup(view);
            default:
                return view.OnChain == ContractState.Open ? SwapStep.ClaimOnChain : view.OnChain == ContractState.Refunded ? SwapStep.Lost : SwapStep.Wait;
        }
    }

    private SwapStep ClientOut(SwapView view, bool hasLocked, bool hasRevealed, bool isAborted)
    {
        if (view.OnChain == ContractState.Claimed)
            return Over(view.IsOnChainDeep, SwapStep.Swapped);
        switch (view.OnRollup)
        {
            case ContractState.None:
                return LockInRollup(view, hasLocked, terms.FirstLockBy(margins));
            case ContractState.Refunded:
                return Over(view.IsOnRollupFinal, SwapStep.Refunded);
            case ContractState.Claimed:
                return view.OnChain == ContractState.Open ? SwapStep.ClaimOnChain : SwapStep.Lost;
        }

        var mayShow = hasRevealed || (!isAborted && view.IsOnChainDeep && view.Tip <= terms.ClaimBy(margins));
        return view.OnChain == ContractState.Open && mayShow ? SwapStep.ClaimOnChain : RefundInRollup(view);
    }

    private SwapStep ProviderOut(SwapView view, bool hasLocked)
    {
        if (view.OnRollup == ContractState.Claimed)
            return Over(view.IsOnRollupFinal, SwapStep.Swapped);
        switch (view.OnChain)
        {
            case ContractState.None:
                var isPaid = view is { OnRollup: ContractState.Open, IsOnRollupFinal: true };
                return isPaid || hasLocked || view.Tip > terms.SecondLockBy(margins) ? Lock(view, hasLocked, terms.SecondLockBy(margins), SwapStep.Fund) : SwapStep.Wait;
            case ContractState.Refunded:
                return Over(view.IsOnChainDeep, SwapStep.Refunded);
            case ContractState.Open:
                return view.Tip >= terms.BitcoinTimeout ? SwapStep.RefundOnChain : SwapStep.Wait;
        }

        if (view.OnRollup == ContractState.Refunded)
            return SwapStep.Lost;
        if (view.IsClaimPosted || view.OnRollup == ContractState.None)
            return SwapStep.Wait;
        return view.Tip >= terms.RollupTimeout - margins.Post ? SwapStep.PostClaim : SwapStep.ClaimOnRollup;
    }

    private static SwapStep Over(bool isFinal, SwapStep outcome) => isFinal ? outcome : SwapStep.Wait;

    // What was noted may be on its way already and is done again, which changes nothing; too late, it is left to come or not.
    private static SwapStep Lock(SwapView view, bool hasLocked, long by, SwapStep step) => view.Tip <= by ? step : hasLocked ? SwapStep.Wait : SwapStep.Unlocked;

    // A lock that was handed in expires with the time in which it makes sense: rollup time beyond that, it never comes.
    private static SwapStep LockInRollup(SwapView view, bool hasLocked, long by) =>
        hasLocked && view.RollupTime > by ? SwapStep.Unlocked : Lock(view, hasLocked, by, SwapStep.LockOnRollup);

    // At the timeout at once on Bitcoin, so that no batch of an earlier time can come later than the post is due; through the sequencer where the rollup's
    // clock is past the timeout already, when no claim can come any more.
    private SwapStep RefundInRollup(SwapView view)
    {
        if (view.Tip < terms.RollupTimeout || view.IsRefundPosted)
            return SwapStep.Wait;
        return view.RollupTime >= terms.RollupTimeout && view.Tip < terms.RollupTimeout + margins.Anchor ? SwapStep.RefundOnRollup : SwapStep.PostRefund;
    }
}
