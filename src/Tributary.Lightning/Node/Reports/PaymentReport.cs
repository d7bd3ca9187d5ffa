using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Node.Reports;

/// <summary>A payment, in or out.</summary>
/// <param name="PaymentHash">Its hash.</param>
/// <param name="IsOutgoing">We pay.</param>
/// <param name="State">"pending", "succeeded", "failed"; for one that comes in "open", "held", "received", "expired" or "cancelled".</param>
/// <param name="Amount">What reaches the payee.</param>
/// <param name="Fee">What nodes between keep.</param>
/// <param name="Preimage">The proof, when there is one.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="Description">What it was for, of one that comes in; of one that goes out its <see cref="InvoiceText"/> says it.</param>
public sealed record PaymentReport(
    Bytes32 PaymentHash, bool IsOutgoing, string State, MilliSatoshis Amount, MilliSatoshis Fee, Bytes32? Preimage, string? Reason, DateTimeOffset CreatedAt, string Description)
{
    /// <summary>The invoice that is paid; null for what comes in, and for a payment without one.</summary>
    public string? InvoiceText { get; init; }

    /// <summary>When it came to its end; null while it is open, held or pending.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Until when an invoice can be paid; null for everything else.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Of a held payment: until when it can be settled. Null for a moment after a restart, until the channels have told of its parts.</summary>
    public HoldDeadline? Hold { get; init; }
}
