using System.Collections.Immutable;
using Tributary.Bitcoin.Keys;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Psbt;

/// <summary>Where an x-only key of a taproot output comes from (BIP 371).</summary>
/// <param name="LeafHashes">The leaves it signs for; none for the internal key.</param>
/// <param name="Origin">Master fingerprint and path.</param>
public sealed record TaprootKeyOrigin(ImmutableArray<Bytes32> LeafHashes, KeyOrigin Origin)
{
    public bool Equals(TaprootKeyOrigin? other) => other is not null && Origin == other.Origin && LeafHashes.AsSpan().SequenceEqual(other.LeafHashes.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Origin, LeafHashes.Length);
}
