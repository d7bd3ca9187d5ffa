using System.Security.Cryptography;
using Tributary.Bitcoin.Transactions;
using Tributary.Finance.Amounts;
using Tributary.Finance.Htlcs;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;

namespace Tributary.Rollup.Swaps;

/// <summary>What a party of a swap sees: blocks and proofs, and nothing that anybody has said.</summary>
public sealed record SwapView
{
    /// <summary>The height of Bitcoin's last block.</summary>
    public required int Tip { get; init; }

    /// <summary>The height of rollup time: that of the last batch that counts.</summary>
    public required uint RollupTime { get; init; }

    /// <summary>The contract on Bitcoin.</summary>
    public required ContractState OnChain { get; init; }

    /// <summary>Its state is as deep as the margins ask for.</summary>
    public required bool IsOnChainDeep { get; init; }

    /// <summary>Its output.</summary>
    public OutPoint? Output { get; init; }

    /// <summary>The contract in the rollup.</summary>
    public required ContractState OnRollup { get; init; }

    /// <summary>The batch that made its state what it is is proven, and as deep as the margins ask for.</summary>
    public required bool IsOnRollupFinal { get; init; }

    /// <summary>Its number.</summary>
    public HtlcId? Htlc { get; init; }

    /// <summary>A claim of it stands on Bitcoin as a forced post of a height before the timeout: it will be carried out.</summary>
    public bool IsClaimPosted { get; init; }

    /// <summary>A refund of it stands on Bitcoin as a forced post of a height from the timeout on.</summary>
    public bool IsRefundPosted { get; init; }

    /// <summary>The preimage, as somebody's claim has shown it in a block.</summary>
    public Bytes32? Preimage { get; init; }

    /// <summary>What blocks and proofs say of a swap.</summary>
    public static SwapView Of(SwapTerms terms, SwapMargins margins, RollupReplica replica, OnChainHtlcFollower chain)
    {
        var tip = replica.NextHeight - 1;
        var (state, htlc, preimage, isFinal) = FindContract(terms, margins, replica, tip);
        var posts = htlc is { } number ? FindPosts(terms, number, replica) : default;
        return new SwapView
        {
            Tip = tip,
            RollupTime = replica.Batches.LastOrDefault()?.Header.Height ?? 0,
            OnChain = chain.State,
            IsOnChainDeep = chain.State != ContractState.None && tip - chain.StateHeight + 1 >= margins.Depth,
            Output = chain.Output,
            OnRollup = state,
            IsOnRollupFinal = isFinal,
            Htlc = htlc,
            IsClaimPosted = posts.Claim is not null,
            IsRefundPosted = posts.Refund,
            Preimage = chain.Preimage ?? preimage ?? posts.Claim,
        };
    }

    // The first contract of exactly these terms; a second one is somebody's present.
    private static (ContractState State, HtlcId? Htlc, Bytes32? Preimage, bool IsFinal) FindContract(SwapTerms terms, SwapMargins margins, RollupReplica replica, int tip)
    {
        (ContractState State, HtlcId? Htlc, Bytes32? Preimage, bool IsFinal) found = default;
        foreach (var batch in replica.Batches)
        {
            foreach (var segment in batch.Segments)
            {
                var isFinal = segment.Number < replica.ProvenSegments && tip - batch.AnchoredAt + 1 >= margins.Depth;
                foreach (var what in segment.Contracts)
                {
                    found = what switch
                    {
                        HtlcLocked locked when found.Htlc is null && locked.Terms == terms.Lock => (ContractState.Open, locked.Htlc, null, isFinal),
                        HtlcClaimed claimed when claimed.Htlc == found.Htlc => (ContractState.Claimed, found.Htlc, claimed.Preimage, isFinal),
                        HtlcRefunded refunded when refunded.Htlc == found.Htlc => (ContractState.Refunded, found.Htlc, found.Preimage, isFinal),
                        _ => found,
                    };
                }
            }
        }

        return found;
    }

    private static (Bytes32? Claim, bool Refund) FindPosts(SwapTerms terms, HtlcId htlc, RollupReplica replica)
    {
        (Bytes32? Claim, bool Refund) found = default;
        foreach (var post in replica.Posts)
        {
            if (Read(post) is not { } operation)
                continue;
            if (operation is ClaimHtlc claim && claim.Htlc == htlc && post.Height < terms.RollupTimeout && SHA256.HashData(claim.Preimage.Span).AsSpan().SequenceEqual(terms.Hash.Span))
                found.Claim = claim.Preimage;
            found.Refund |= operation is RefundHtlc refund && refund.Htlc == htlc && post.Height >= terms.RollupTimeout;
        }

        return found;
    }

    private static Finance.Operations.Operation? Read(ForcedPost post) =>
        ForcedOperation.Read(post.Operation).TryGet(out var forced, out _) && forced.Request.Authorisation is null && forced.Signature.IsEmpty ? forced.Request.Operation : null;
}
