using System.Text.Json.Serialization;
using Tributary.Payments.Intents;

namespace Tributary.Payments.Refunds;

/// <summary>One try to send a refund. A refund has at most one that is pending; the next is made when the last has failed for good.</summary>
public sealed record RefundTransfer
{
    /// <summary>The rail pays it once.</summary>
    public required string Id { get; init; }

    public required RailKind Rail { get; init; }

    /// <summary>In the rail's normal form; empty where the money goes back by the way it came.</summary>
    public required string Destination { get; init; }

    /// <summary>The rail's name for it, once there is one.</summary>
    public string? Reference { get; init; }

    /// <summary>What the shopper gets, in the refund's asset.</summary>
    public required long Amount { get; init; }

    /// <summary>The most that may be spent on the way.</summary>
    public required long FeeMax { get; init; }

    /// <summary>What the shopper pays of the fee: the refund's whole less <see cref="Amount"/>.</summary>
    public required long ShopperFee { get; init; }

    /// <summary>The attempt that the money came by, where it goes back the same way.</summary>
    public string? OriginAttemptId { get; init; }

    public required RefundTransferStatus Status { get; init; }

    /// <summary>Its transaction waits for a signature that is made elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AwaitsSignature { get; init; }

    /// <summary>What was spent on the way.</summary>
    public long Fee { get; init; }

    /// <summary>What shows that it arrived: a preimage.</summary>
    public string? Proof { get; init; }

    public string? FailureCode { get; init; }

    public string? FailureMessage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
