using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>What the node has to remember of an invoice to take its payment.</summary>
/// <param name="PaymentHash">SHA-256 of the preimage.</param>
/// <param name="Preimage">Null when somebody else knows it.</param>
/// <param name="PaymentSecret">Null for a spontaneous payment.</param>
/// <param name="Amount">Null when the payer chooses.</param>
/// <param name="CreatedAt">Milliseconds since 1970.</param>
/// <param name="ExpiresAt">Milliseconds since 1970.</param>
/// <param name="MinFinalCltvDelta">Blocks.</param>
/// <param name="IsHold">Held until a command.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Text">The invoice as it was given out; empty for a spontaneous payment.</param>
/// <param name="CustomRecords">What the payer of a spontaneous payment sent along: a stranger's.</param>
public sealed record InvoiceSheet(
    Bytes32 PaymentHash,
    Bytes32? Preimage,
    Bytes32? PaymentSecret,
    MilliSatoshis? Amount,
    long CreatedAt,
    long ExpiresAt,
    uint MinFinalCltvDelta,
    bool IsHold,
    string Description,
    string Text,
    TlvStream CustomRecords)
{
    /// <summary>Came without an invoice (bLIP 3).</summary>
    public bool IsKeysend => PaymentSecret is null;
}
