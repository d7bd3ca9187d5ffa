namespace Tributary.Rollup.Api;

/// <summary>The operator's receipt: SHA-256 of the operation, its place, and a BIP 340 signature with the path to what it is of.</summary>
public sealed record ReceiptView(string Rollup, ulong Batch, int Position, string Operation, string Signature);
