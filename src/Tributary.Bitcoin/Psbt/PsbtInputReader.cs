using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>Reads the map of one input.</summary>
internal sealed class PsbtInputReader
{
    private readonly string _map;
    private readonly ImmutableSortedDictionary<EncodedPublicKey, ReadOnlyMemory<byte>>.Builder _signatures = ImmutableSortedDictionary.CreateBuilder<EncodedPublicKey, ReadOnlyMemory<byte>>();
    private readonly ImmutableSortedDictionary<EncodedPublicKey, KeyOrigin>.Builder _derivations = ImmutableSortedDictionary.CreateBuilder<EncodedPublicKey, KeyOrigin>();
    private readonly ImmutableSortedDictionary<TaprootSignatureKey, ReadOnlyMemory<byte>>.Builder _scriptSignatures = ImmutableSortedDictionary.CreateBuilder<TaprootSignatureKey, ReadOnlyMemory<byte>>();
    private readonly ImmutableSortedDictionary<Bytes32, TaprootKeyOrigin>.Builder _taprootDerivations = ImmutableSortedDictionary.CreateBuilder<Bytes32, TaprootKeyOrigin>();
    private readonly ImmutableSortedSet<TaprootLeaf>.Builder _leaves = ImmutableSortedSet.CreateBuilder<TaprootLeaf>();
    private readonly ImmutableArray<PsbtPreimage>.Builder _preimages = ImmutableArray.CreateBuilder<PsbtPreimage>();
    private readonly ImmutableArray<PsbtEntry>.Builder _unknown = ImmutableArray.CreateBuilder<PsbtEntry>();
    private PsbtInput _input = PsbtInput.Empty;

    private PsbtInputReader(string map) => _map = map;

    internal static bool TryRead(PsbtMap map, int index, OutPoint outPoint, [NotNullWhen(true)] out PsbtInput? input, [NotNullWhen(false)] out Refusal? refusal)
    {
        input = map.Count == 0 ? PsbtInput.Empty : null;
        refusal = null;
        if (input is not null)
            return true;

        var reader = new PsbtInputReader($"inputs[{index}]");
        for (var i = 0; i < map.Count; i++)
        {
            if (!reader.TryRead(map[i], out refusal))
                return false;
        }

        input = reader.Finish();
        refusal = reader.CheckPrevious(input, outPoint);
        return refusal is null;
    }

    private PsbtInput Finish() => _input with
    {
        PartialSignatures = _signatures.ToImmutable(),
        Bip32Derivations = _derivations.ToImmutable(),
        Preimages = _preimages.ToImmutable(),
        TaprootScriptSignatures = _scriptSignatures.ToImmutable(),
        TaprootLeaves = _leaves.ToImmutable(),
        TaprootDerivations = _taprootDerivations.ToImmutable(),
        Unknown = _unknown.ToImmutable(),
    };

    private Refusal? CheckPrevious(PsbtInput input, OutPoint outPoint)
    {
        if (input.NonWitnessUtxo is not { } previous)
            return null;
        if (previous.TxId != outPoint.TxId)
            return new Refusal($"{_map}.non_witness_utxo", "is another transaction than the input spends");
        return outPoint.Index < (uint)previous.OutputCount ? null : new Refusal($"{_map}.non_witness_utxo", $"has no output {outPoint.Index}");
    }

    private bool TryRead(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal) => pair.Type switch
    {
        PsbtTypes.Input.NonWitnessUtxo => TryReadNonWitnessUtxo(pair, out refusal),
        PsbtTypes.Input.WitnessUtxo => TryReadWitnessUtxo(pair, out refusal),
        PsbtTypes.Input.PartialSignature => TryReadPartialSignature(pair, out refusal),
        PsbtTypes.Input.SighashType => TryReadSighashType(pair, out refusal),
        PsbtTypes.Input.RedeemScript => TrySet("redeem_script", pair, value => _input with { RedeemScript = new Script(value) }, out refusal),
        PsbtTypes.Input.WitnessScript => TrySet("witness_script", pair, value => _input with { WitnessScript = new Script(value) }, out refusal),
        PsbtTypes.Input.Bip32Derivation => PsbtReader.TryReadDerivation($"{_map}.bip32_derivation", pair, _derivations, out refusal),
        PsbtTypes.Input.FinalScriptSig => TrySet("final_script_sig", pair, value => _input with { FinalScriptSig = new Script(value) }, out refusal),
        PsbtTypes.Input.FinalScriptWitness => TryReadFinalWitness(pair, out refusal),
        PsbtTypes.Input.Ripemd160 => TryReadPreimage(PsbtPreimageKind.Ripemd160, 20, pair, out refusal),
        PsbtTypes.Input.Sha256 => TryReadPreimage(PsbtPreimageKind.Sha256, 32, pair, out refusal),
        PsbtTypes.Input.Hash160 => TryReadPreimage(PsbtPreimageKind.Hash160, 20, pair, out refusal),
        PsbtTypes.Input.Hash256 => TryReadPreimage(PsbtPreimageKind.Hash256, 32, pair, out refusal),
        PsbtTypes.Input.TapKeySignature => TryReadTapKeySignature(pair, out refusal),
        PsbtTypes.Input.TapScriptSignature => TryReadTapScriptSignature(pair, out refusal),
        PsbtTypes.Input.TapLeafScript => TryReadTapLeaf(pair, out refusal),
        PsbtTypes.Input.TapBip32Derivation => PsbtReader.TryReadTaprootDerivation($"{_map}.tap_bip32_derivation", pair, _taprootDerivations, out refusal),
        PsbtTypes.Input.TapInternalKey => TrySet32("tap_internal_key", pair, value => _input with { TaprootInternalKey = value }, out refusal),
        PsbtTypes.Input.TapMerkleRoot => TrySet32("tap_merkle_root", pair, value => _input with { TaprootMerkleRoot = value }, out refusal),
        PsbtTypes.Input.Musig2Participants => PsbtReader.TryKeepMusig2(_map, pair, valueLength: 0, _unknown, out refusal),
        PsbtTypes.Input.Musig2PublicNonce => PsbtReader.TryKeepMusig2(_map, pair, valueLength: 66, _unknown, out refusal),
        PsbtTypes.Input.Musig2PartialSignature => PsbtReader.TryKeepMusig2(_map, pair, valueLength: 32, _unknown, out refusal),
        _ => PsbtReader.TryKeep(_map, pair, _unknown, out refusal),
    };

    private bool TrySet(string field, PsbtMap.Pair pair, Func<ReadOnlyMemory<byte>, PsbtInput> set, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (!PsbtReader.TryRequire($"{_map}.{field}", pair, keyDataLength: 0, out refusal))
            return false;
        _input = set(pair.Value);
        return true;
    }

    private bool TrySet32(string field, PsbtMap.Pair pair, Func<Bytes32, PsbtInput> set, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (!PsbtReader.TryReadBytes32($"{_map}.{field}", pair, out var value, out refusal))
            return false;
        _input = set(value!.Value);
        return true;
    }

    private bool TryReadNonWitnessUtxo(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        var field = $"{_map}.non_witness_utxo";
        if (!PsbtReader.TryRequire(field, pair, keyDataLength: 0, out refusal))
            return false;
        if (!Transaction.Parse(pair.Value.Span).TryGet(out var transaction, out refusal))
        {
            refusal = new Refusal(field, refusal.Reason);
            return false;
        }

        _input = _input with { NonWitnessUtxo = transaction };
        return true;
    }

    private bool TryReadWitnessUtxo(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        var field = $"{_map}.witness_utxo";
        if (!PsbtReader.TryRequire(field, pair, keyDataLength: 0, out refusal))
            return false;

        var reader = new SpanReader(pair.Value.Span);
        if (!reader.TryReadInt64LittleEndian(out var value) || !reader.TryReadCompactSizeBytes(out var script) || !reader.IsAtEnd)
            refusal = new Refusal(field, "is no amount and script");
        else
            _input = _input with { WitnessUtxo = new TxOut(new Satoshis(value), new Script(pair.Value[^script.Length..])) };
        return refusal is null;
    }

    private bool TryReadPartialSignature(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        var field = $"{_map}.partial_signature";
        refusal = null;
        if (!EncodedPublicKey.TryParse(pair.KeyData, out var key))
            refusal = new Refusal(field, "is for bytes that are no public key");
        else if (!IsEcdsaSignature(pair.Value.Span))
            refusal = new Refusal(field, "is no DER signature with a hash type");
        else
            _signatures.Add(key, pair.Value);
        return refusal is null;
    }

    private static bool IsEcdsaSignature(ReadOnlySpan<byte> signature)
    {
        Span<byte> compact = stackalloc byte[Ecdsa.CompactLength];
        return signature.Length > 1 && (signature[^1] & ~0x80) is 1 or 2 or 3 && Ecdsa.TryParseDer(signature[..^1], compact);
    }

    private bool TryReadSighashType(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        var field = $"{_map}.sighash_type";
        if (!PsbtReader.TryRequire(field, pair, keyDataLength: 0, out refusal))
            return false;
        if (pair.Value.Length != sizeof(uint))
            refusal = new Refusal(field, "takes 4 bytes");
        else
            _input = _input with { SighashType = BinaryPrimitives.ReadUInt32LittleEndian(pair.Value.Span) };
        return refusal is null;
    }

    private bool TryReadFinalWitness(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        var field = $"{_map}.final_script_witness";
        if (!PsbtReader.TryRequire(field, pair, keyDataLength: 0, out refusal))
            return false;

        var reader = new SpanReader(pair.Value.Span);
        var isRead = reader.TryReadCount(leastElementBytes: 1, out var count);
        for (var i = 0; isRead && i < count; i++)
            isRead = reader.TryReadCompactSizeBytes(out _);
        if (!isRead || !reader.IsAtEnd)
            refusal = new Refusal(field, "is no witness stack");
        else
            _input = _input with { FinalScriptWitness = new Witness(pair.Value) };
        return refusal is null;
    }

    private bool TryReadPreimage(PsbtPreimageKind kind, int hashLength, PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (!PsbtReader.TryRequire($"{_map}.preimage", pair, hashLength, out refusal))
            return false;
        _preimages.Add(new PsbtPreimage(kind, pair.KeyData, pair.Value));
        return true;
    }

    private bool TryReadTapKeySignature(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        var field = $"{_map}.tap_key_signature";
        if (!PsbtReader.TryRequire(field, pair, keyDataLength: 0, out refusal))
            return false;
        if (pair.Value.Length is not (64 or 65))
            refusal = new Refusal(field, $"takes 64 or 65 bytes and has {pair.Value.Length}");
        else
            _input = _input with { TaprootKeySignature = pair.Value };
        return refusal is null;
    }

    private bool TryReadTapScriptSignature(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        var field = $"{_map}.tap_script_signature";
        if (!PsbtReader.TryRequire(field, pair, keyDataLength: 2 * Bytes32.Length, out refusal))
            return false;
        if (pair.Value.Length is not (64 or 65))
            refusal = new Refusal(field, $"takes 64 or 65 bytes and has {pair.Value.Length}");
        else
            _scriptSignatures.Add(new TaprootSignatureKey(new Bytes32(pair.KeyData.Span[..32]), new Bytes32(pair.KeyData.Span[32..])), pair.Value);
        return refusal is null;
    }

    private bool TryReadTapLeaf(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        const int ControlBase = 33;
        const int PathMax = 128;
        var field = $"{_map}.tap_leaf_script";
        refusal = null;
        var control = pair.KeyData;
        if (control.Length < ControlBase || (control.Length - ControlBase) % Bytes32.Length != 0 || (control.Length - ControlBase) / Bytes32.Length > PathMax)
            refusal = new Refusal(field, "has a control block that is not 33 bytes and up to 128 hashes");
        else if (pair.Value.IsEmpty)
            refusal = new Refusal(field, "has no leaf version");
        else
            _leaves.Add(new TaprootLeaf(control, new Script(pair.Value[..^1]), pair.Value.Span[^1]));
        return refusal is null;
    }
}
