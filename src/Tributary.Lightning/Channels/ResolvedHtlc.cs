using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>How an HTLC of ours ended.</summary>
public sealed record ResolvedHtlc(ulong Id, Bytes32 PaymentHash, HtlcOutcome Outcome);
