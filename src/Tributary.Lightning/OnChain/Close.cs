using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>The transaction that spent the funding output, understood: what it is, and which of its outputs concern us.</summary>
internal sealed record Close
{
    internal required CloseKind Kind { get; init; }

    internal required Transaction Transaction { get; init; }

    internal required int Height { get; init; }

    /// <summary>The number that the commitment hides; zero for a cooperative close.</summary>
    internal ulong Number { get; init; }

    /// <summary>Keys of the commitment, where they are known.</summary>
    internal CommitmentKeys? Keys { get; init; }

    /// <summary>For a revoked commitment.</summary>
    internal Bytes32 RevokedSecret { get; init; }

    /// <summary>For our own commitment.</summary>
    internal CommitmentTransaction? Commitment { get; init; }

    /// <summary>For our own commitment: what the peer signed of it.</summary>
    internal SignedCommitment? Signed { get; init; }

    /// <summary>Every HTLC that it says is under way, with an output or without, as the broadcaster sees it.</summary>
    internal IReadOnlyList<CommittedHtlc> Htlcs { get; init; } = [];

    /// <summary>Outputs of the commitment itself.</summary>
    internal IReadOnlyList<TrackedOutput> Outputs { get; init; } = [];

    /// <summary>What HTLC transactions that spend from it pay; null where those are not ours to take.</summary>
    internal Script? SecondStageScript { get; init; }

    /// <summary>What becomes of an output of <see cref="SecondStageScript"/>.</summary>
    internal OutputKind SecondStageKind => Kind == CloseKind.Revoked ? OutputKind.RevokedDelayed : OutputKind.Delayed;

    /// <summary>Does it say which HTLCs are under way?</summary>
    internal bool IsUnderstood => Kind is not (CloseKind.PeersUnknown or CloseKind.OursUnknown);
}
