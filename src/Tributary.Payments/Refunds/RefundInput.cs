using System.Collections.Immutable;
using Tributary.Payments.Rails;

namespace Tributary.Payments.Refunds;

/// <summary>What can happen to a refund.</summary>
public abstract record RefundInput(string RefundId)
{
    /// <summary>It is decided.</summary>
    /// <param name="Refund">With its parts, and no transfer.</param>
    /// <param name="Transfer">Where it goes; null where the shopper has to say first, or somebody has to agree.</param>
    public sealed record Open(Refund Refund, RefundTransfer? Transfer) : RefundInput(Refund.Id);

    /// <summary>Somebody else agrees.</summary>
    public sealed record Approve(string RefundId, string Actor, RefundTransfer? Transfer) : RefundInput(RefundId);

    /// <summary>The shopper says where to.</summary>
    public sealed record Claim(string RefundId, RefundTransfer Transfer) : RefundInput(RefundId);

    /// <summary>The rail says how a transfer stands.</summary>
    /// <param name="RefundId">The refund.</param>
    /// <param name="TransferId">The transfer.</param>
    /// <param name="Told">What it says.</param>
    /// <param name="ClaimUntil">For a transfer that failed for good: until when the shopper may name another destination.</param>
    public sealed record Report(string RefundId, string TransferId, OutgoingReport Told, DateTimeOffset ClaimUntil) : RefundInput(RefundId);

    /// <summary>The merchant takes it back.</summary>
    public sealed record Cancel(string RefundId) : RefundInput(RefundId);

    /// <summary>Time has passed: nobody claimed it.</summary>
    public sealed record Expire(string RefundId) : RefundInput(RefundId);

    /// <summary>Its metadata changes.</summary>
    public sealed record Update(string RefundId, ImmutableSortedDictionary<string, string> Metadata) : RefundInput(RefundId);
}
