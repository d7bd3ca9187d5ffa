using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>How an HTLC ended.</summary>
public abstract record HtlcOutcome
{
    private HtlcOutcome()
    {
    }

    /// <summary>Taken with the preimage.</summary>
    public sealed record Fulfilled(Bytes32 Preimage) : HtlcOutcome;

    /// <summary>Given back; the error onion says why, to who made the onion.</summary>
    public sealed record Failed(ReadOnlyMemory<byte> Reason) : HtlcOutcome;

    /// <summary>Given back by the peer, which could not read the onion.</summary>
    public sealed record FailedMalformed(Bytes32 Sha256OfOnion, ushort FailureCode) : HtlcOutcome;
}
