using System.Collections.Immutable;

namespace Tributary.Payments.Disputes;

/// <summary>What can happen to a dispute.</summary>
public abstract record DisputeInput(string DisputeId)
{
    /// <summary>A bank disputes a payment, and takes its money.</summary>
    public sealed record Open(string DisputeId, string Receipt, string Reason) : DisputeInput(DisputeId);

    /// <summary>The merchant says why it should not.</summary>
    public sealed record Answer(string DisputeId, ImmutableSortedDictionary<string, string> Evidence, ImmutableSortedDictionary<string, string> Metadata, bool IsSubmitted) : DisputeInput(DisputeId);

    /// <summary>The merchant gives in.</summary>
    public sealed record Close(string DisputeId) : DisputeInput(DisputeId);

    /// <summary>The bank decides.</summary>
    public sealed record Decide(string DisputeId, bool IsWon) : DisputeInput(DisputeId);

    /// <summary>Time has passed: nobody answered.</summary>
    public sealed record Expire(string DisputeId) : DisputeInput(DisputeId);
}
