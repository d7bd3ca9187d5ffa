using System.Collections.Immutable;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Psbt;

/// <summary>What is known of one input of a PSBT. Immutable: roles return changed copies.</summary>
public sealed record PsbtInput
{
    /// <summary>Nothing known.</summary>
    public static PsbtInput Empty { get; } = new();

    /// <summary>The whole transaction that the input spends from: its id proves the amount.</summary>
    public Transaction? NonWitnessUtxo { get; init; }

    /// <summary>The output that the input spends, where it is segwit.</summary>
    public TxOut? WitnessUtxo { get; init; }

    /// <summary>ECDSA signatures with their hash type byte.</summary>
    public ImmutableSortedDictionary<EncodedPublicKey, ReadOnlyMemory<byte>> PartialSignatures { get; init; } = ImmutableSortedDictionary<EncodedPublicKey, ReadOnlyMemory<byte>>.Empty;

    /// <summary>The one hash type that signatures of this input may have; absent means SIGHASH_ALL (taproot: SIGHASH_DEFAULT).</summary>
    public uint? SighashType { get; init; }

    public Script? RedeemScript { get; init; }

    public Script? WitnessScript { get; init; }

    /// <summary>Where the keys of the script come from.</summary>
    public ImmutableSortedDictionary<EncodedPublicKey, KeyOrigin> Bip32Derivations { get; init; } = ImmutableSortedDictionary<EncodedPublicKey, KeyOrigin>.Empty;

    public Script? FinalScriptSig { get; init; }

    public Witness? FinalScriptWitness { get; init; }

    /// <summary>Preimages of hash locks, by function and hash.</summary>
    public ImmutableArray<PsbtPreimage> Preimages { get; init; } = [];

    /// <summary>The key path's Schnorr signature, 64 or 65 bytes.</summary>
    public ReadOnlyMemory<byte>? TaprootKeySignature { get; init; }

    /// <summary>The script paths' Schnorr signatures.</summary>
    public ImmutableSortedDictionary<TaprootSignatureKey, ReadOnlyMemory<byte>> TaprootScriptSignatures { get; init; } = ImmutableSortedDictionary<TaprootSignatureKey, ReadOnlyMemory<byte>>.Empty;

    /// <summary>Leaves that the signers can be expected to sign for.</summary>
    public ImmutableSortedSet<TaprootLeaf> TaprootLeaves { get; init; } = [];

    /// <summary>Where the keys of a taproot output come from.</summary>
    public ImmutableSortedDictionary<Bytes32, TaprootKeyOrigin> TaprootDerivations { get; init; } = ImmutableSortedDictionary<Bytes32, TaprootKeyOrigin>.Empty;

    public Bytes32? TaprootInternalKey { get; init; }

    public Bytes32? TaprootMerkleRoot { get; init; }

    /// <summary>Proprietary fields and fields of a type that is not known, in the order of their keys.</summary>
    public ImmutableArray<PsbtEntry> Unknown { get; init; } = [];

    /// <summary>True when the final script or witness is there.</summary>
    public bool IsFinal => FinalScriptSig is not null || FinalScriptWitness is not null;

    /// <summary>The output that the input spends, from whichever field has it; null where neither has.</summary>
    public TxOut? SpentOutput(OutPoint outPoint)
    {
        if (NonWitnessUtxo is { } previous)
            return previous.TxId == outPoint.TxId && outPoint.Index < (uint)previous.OutputCount ? previous.Output((int)outPoint.Index) : null;
        return WitnessUtxo;
    }
}
