using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Node.Reports;

/// <summary>An invoice of ours.</summary>
/// <param name="Text">BOLT 11.</param>
/// <param name="PaymentHash">Its hash.</param>
/// <param name="Amount">Null where the payer decides.</param>
/// <param name="ExpiresAt">When it can no longer be paid.</param>
/// <param name="Preimage">For a hold invoice whose preimage we drew: what settles it. It is a receipt for whoever holds it.</param>
/// <param name="Warning">What keeps it from being paid right now, or null.</param>
public sealed record InvoiceReport(string Text, Bytes32 PaymentHash, MilliSatoshis? Amount, DateTimeOffset ExpiresAt, Bytes32? Preimage, string? Warning);
