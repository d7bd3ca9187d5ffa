using System.Collections.Immutable;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Psbt;

/// <summary>What is known of one output of a PSBT: enough for a signer to recognise change. Immutable.</summary>
public sealed record PsbtOutput
{
    /// <summary>Nothing known.</summary>
    public static PsbtOutput Empty { get; } = new();

    public Script? RedeemScript { get; init; }

    public Script? WitnessScript { get; init; }

    /// <summary>Where the keys of the script come from.</summary>
    public ImmutableSortedDictionary<EncodedPublicKey, KeyOrigin> Bip32Derivations { get; init; } = ImmutableSortedDictionary<EncodedPublicKey, KeyOrigin>.Empty;

    public Bytes32? TaprootInternalKey { get; init; }

    /// <summary>The tree's leaves, or empty for none.</summary>
    public ImmutableArray<TaprootTreeLeaf> TaprootTree { get; init; } = [];

    /// <summary>Where the keys of a taproot output come from.</summary>
    public ImmutableSortedDictionary<Bytes32, TaprootKeyOrigin> TaprootDerivations { get; init; } = ImmutableSortedDictionary<Bytes32, TaprootKeyOrigin>.Empty;

    /// <summary>Proprietary fields and fields of a type that is not known, in the order of their keys.</summary>
    public ImmutableArray<PsbtEntry> Unknown { get; init; } = [];
}
