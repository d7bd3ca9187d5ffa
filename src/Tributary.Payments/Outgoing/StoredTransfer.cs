using Tributary.Payments.Intents;

namespace Tributary.Payments.Outgoing;

/// <summary>A transfer as it lies in the database: written before the rail hears of it, and never another amount or destination.</summary>
/// <param name="Id">The rail pays it once.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="SubjectId">The refund or the payout.</param>
/// <param name="IntentId">The payment that a refund belongs to.</param>
/// <param name="Rail">The rail.</param>
/// <param name="Destination">In the rail's normal form.</param>
/// <param name="Reference">The rail's name for it, where it is known beforehand: no two transfers have it.</param>
/// <param name="Amount">In the rail's asset.</param>
/// <param name="FeeMax">In the rail's asset.</param>
/// <param name="OriginAttemptId">The attempt whose money goes back.</param>
/// <param name="CreatedAt">When it was written.</param>
public sealed record StoredTransfer(
    string Id,
    OutgoingKind Kind,
    string SubjectId,
    string? IntentId,
    RailKind Rail,
    string Destination,
    string? Reference,
    long Amount,
    long FeeMax,
    string? OriginAttemptId,
    DateTimeOffset CreatedAt)
{
    /// <summary>How often the rail was asked.</summary>
    public long Tries { get; init; }

    /// <summary>The rail has said that it has it: asking again sends nothing.</summary>
    public bool IsWithRail { get; init; }
}
