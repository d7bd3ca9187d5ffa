using System.Collections.Immutable;
using Tributary.Payments.Access;

namespace Tributary.Payments.Refunds;

/// <summary>What a merchant asks for.</summary>
public sealed record RefundRequest
{
    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required string IntentId { get; init; }

    /// <summary>In the intent's minor units; null for all that is left.</summary>
    public long? Amount { get; init; }

    /// <summary>In place of <see cref="Amount"/>, of what came over bitcoin rails: millisatoshis that go back.</summary>
    public long? Gross { get; init; }

    /// <summary>What goes back to a card is refused: the money is to be claimed.</summary>
    public bool IsBitcoinOnly { get; init; }

    public RefundReason Reason { get; init; }

    public RefundRateKind Rate { get; init; }

    public FeeBearer FeeBearer { get; init; }

    /// <summary>Where to, as the shopper wrote it; null where the shopper is to be asked.</summary>
    public string? Destination { get; init; }

    /// <summary>How long the shopper has to say where to; null for the server's default.</summary>
    public TimeSpan? ClaimLifetime { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Who asks: a key or a user.</summary>
    public required string Actor { get; init; }

    /// <summary>Counts what whoever asks may send; null for no limit.</summary>
    public ISpendingGuard? Guard { get; init; }

    /// <summary>Who has agreed already: enough above the limit where it is somebody else.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Somebody else has to agree before anything is sent.</summary>
    public bool NeedsApproval { get; init; }
}
