using Tributary.Lightning.Onions;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>How an HTLC that we offered left both commitments for good.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome()
    {
    }

    /// <summary>Taken with the preimage.</summary>
    public sealed record Fulfilled(Bytes32 Preimage) : AttemptOutcome;

    /// <summary>Given back with an error onion.</summary>
    public sealed record Failed(ReadOnlyMemory<byte> Reason) : AttemptOutcome;

    /// <summary>Given back by our peer, which could not read the onion.</summary>
    public sealed record FailedMalformed(FailureCode Code) : AttemptOutcome;

    /// <summary>Taken back by ourselves: on chain after its expiry, or because no commitment with it ever confirmed.</summary>
    public sealed record TakenBack : AttemptOutcome;
}
