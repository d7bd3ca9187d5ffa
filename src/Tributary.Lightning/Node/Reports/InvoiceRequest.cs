using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Node.Reports;

/// <summary>An invoice that is to be written.</summary>
/// <param name="Amount">Null lets the payer decide.</param>
public sealed record InvoiceRequest(MilliSatoshis? Amount)
{
    public string Description { get; init; } = "";

    public TimeSpan Expiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The payment waits for <c>settle</c> or <c>cancel</c>.</summary>
    public bool IsHold { get; init; }

    /// <summary>For a hold invoice, a hash whose preimage somebody else has.</summary>
    public Bytes32? PaymentHash { get; init; }

    /// <summary>In place of the description: its SHA-256.</summary>
    public Bytes32? DescriptionHash { get; init; }

    /// <summary>Blocks that the last HTLC has left when it comes; null for the node's own choice. More of them give a held payment more time.</summary>
    public uint? MinFinalCltvDelta { get; init; }
}
