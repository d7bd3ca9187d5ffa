using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>An HTLC of a scripted channel.</summary>
internal sealed record ScriptedHtlc(int Offerer, ulong Id, long AmountMsat, uint CltvExpiry)
{
    internal Bytes32 Preimage { get; init; } = Hashes.Sha256([(byte)Offerer, (byte)Id, 99]);

    internal Bytes32 Hash => Hashes.Sha256(Preimage.Span);

    internal CommittedHtlc SeenBy(int broadcaster) => new(Offerer == broadcaster, Id, new MilliSatoshis(AmountMsat), Hash, CltvExpiry);
}
