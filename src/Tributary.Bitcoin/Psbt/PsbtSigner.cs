using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>
/// The signer's role: adds a signature for every key of the inputs that a source has. Only what the PSBT holds is used, and what
/// contradicts itself is refused before anything is signed.
/// </summary>
public sealed class PsbtSigner
{
    private readonly PartiallySignedTransaction _psbt;
    private readonly ISecretKeySource _keys;
    private readonly IEntropy _entropy;
    private readonly PsbtSigningOptions _options;
    private readonly TxOut[]? _spentOutputs;
    private readonly PrecomputedTransactionData _cache;
    private int _added;

    private PsbtSigner(PartiallySignedTransaction psbt, ISecretKeySource keys, IEntropy entropy, PsbtSigningOptions options)
    {
        _psbt = psbt;
        _keys = keys;
        _entropy = entropy;
        _options = options;
        var spent = Enumerable.Range(0, psbt.Inputs.Length).Select(psbt.SpentOutput).ToArray();
        _spentOutputs = spent.Any(static output => output is null) ? null : [.. spent.Select(static output => output!.Value)];
        _cache = new PrecomputedTransactionData(psbt.UnsignedTransaction, _spentOutputs, forSigning: true);
    }

    /// <summary>Signs what there are keys for. No signature is no error: the count tells.</summary>
    /// <param name="psbt">With the spent outputs, and the scripts behind hashes.</param>
    /// <param name="keys">The keys to use.</param>
    /// <param name="entropy">Protects the nonces of Schnorr signatures.</param>
    /// <param name="options">What is acceptable.</param>
    public static Result<PsbtSigning, Refusal> Sign(PartiallySignedTransaction psbt, ISecretKeySource keys, IEntropy entropy, PsbtSigningOptions? options = null)
    {
        var signer = new PsbtSigner(psbt, keys, entropy, options ?? PsbtSigningOptions.Default);
        var inputs = psbt.Inputs.ToBuilder();
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].IsFinal)
                continue;
            if (!signer.TrySign(i, out var signed, out var refusal))
                return refusal;
            inputs[i] = signed;
        }

        return new PsbtSigning(psbt.WithInputs(inputs.MoveToImmutable()), signer._added);
    }

    private bool TrySign(int index, out PsbtInput input, [NotNullWhen(false)] out Refusal? refusal)
    {
        input = _psbt.Inputs[index];
        var spend = PsbtSpend.Resolve(_psbt, index, out refusal);
        if (spend is null)
            return refusal is null;

        var sighashType = input.SighashType ?? (spend.Version == PsbtSpendVersion.Taproot ? SighashType.Default : SighashType.All);
        return spend.Version == PsbtSpendVersion.Taproot
            ? TrySignTaproot(index, spend, sighashType, ref input, out refusal)
            : TrySignEcdsa(index, spend, sighashType, ref input, out refusal);
    }

    /// <summary>Asked once a key is found: the inputs of others may be of any kind.</summary>
    private Refusal? Check(int index, PsbtSpend spend, uint sighashType)
    {
        var input = _psbt.Inputs[index];
        if (!_options.SighashTypes.Contains(sighashType) || sighashType > byte.MaxValue)
            return new Refusal($"inputs[{index}].sighash_type", $"is {sighashType}, which this signer does not accept");
        if ((sighashType & 3) == SighashType.Single && index >= _psbt.Outputs.Length)
            return new Refusal($"inputs[{index}].sighash_type", "is SIGHASH_SINGLE where there is no output at the input's place");
        if (input.NonWitnessUtxo is not null || spend.Version == PsbtSpendVersion.Taproot)
            return null;
        if (spend.Version == PsbtSpendVersion.Legacy)
            return new Refusal($"inputs[{index}].non_witness_utxo", "is missing: without segwit a signature does not cover the amount");
        return _options.RequirePreviousTransactions
            ? new Refusal($"inputs[{index}].non_witness_utxo", "is missing, and this signer takes no amount on trust")
            : null;
    }

    private bool TrySignEcdsa(int index, PsbtSpend spend, uint sighashType, ref PsbtInput input, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        foreach (var publicKey in EcdsaKeys(spend, input))
        {
            // Segwit's policy makes a signature by an uncompressed key worthless.
            if (input.PartialSignatures.ContainsKey(publicKey) || (spend.Version == PsbtSpendVersion.SegwitV0 && !publicKey.IsCompressed))
                continue;
            if (!_keys.TryFind(publicKey, input.Bip32Derivations.GetValueOrDefault(publicKey), out var key))
                continue;

            using (key)
            {
                refusal = Check(index, spend, sighashType);
                if (refusal is not null)
                    return false;
                input = input with { PartialSignatures = input.PartialSignatures.Add(publicKey, SignEcdsa(index, spend, key, (byte)sighashType)) };
                _added++;
            }
        }

        return true;
    }

    private byte[] SignEcdsa(int index, PsbtSpend spend, SecretKey key, byte sighashType)
    {
        var hash = spend.Version == PsbtSpendVersion.SegwitV0
            ? SignatureHash.SegwitV0(_psbt.UnsignedTransaction, index, spend.Script.Span, spend.Output.Value, sighashType, _cache)
            : SignatureHash.Legacy(_psbt.UnsignedTransaction, index, spend.Script.Span, sighashType);
        Span<byte> compact = stackalloc byte[Ecdsa.CompactLength];
        Span<byte> der = stackalloc byte[73];
        Ecdsa.SignLowR(key, hash.Span, compact);
        var length = Ecdsa.CompactToDer(compact, der);
        der[length] = sighashType;
        return der[..(length + 1)].ToArray();
    }

    private List<EncodedPublicKey> EcdsaKeys(PsbtSpend spend, PsbtInput input)
    {
        var keys = new List<EncodedPublicKey>();
        if (spend.Solution.Type is ScriptType.PubKeyHash or ScriptType.WitnessV0KeyHash)
        {
            var hash = spend.Solution.First;
            keys.AddRange(input.Bip32Derivations.Keys.Where(key => hash.Span.SequenceEqual(key.Hash160)));
            if (keys.Count == 0 && _keys.TryFindByHash(hash.Span, out var known))
                keys.Add(known);
            return keys;
        }

        // Any push that is a key may be one that the script checks a signature with; what it hashes only comes with an origin.
        var reader = new ScriptReader(spend.Script.Span);
        while (reader.TryReadNext(out _, out var push))
        {
            if (EncodedPublicKey.TryParse(spend.Script.Memory.Slice(reader.Position - push.Length, push.Length), out var key) && !keys.Contains(key))
                keys.Add(key);
        }

        keys.AddRange(input.Bip32Derivations.Keys.Where(key => !keys.Contains(key) && Hashes(key, spend.Script)));
        return keys;

        static bool Hashes(EncodedPublicKey key, Script script) => script.Span.IndexOf(key.Hash160) >= 0;
    }

    private bool TrySignTaproot(int index, PsbtSpend spend, uint sighashType, ref PsbtInput input, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        var outputKey = new Bytes32(spend.Solution.First.Span);
        if (input.TaprootKeySignature is null && TryFindKeyPath(outputKey, input, out var key))
        {
            using (key)
            {
                if (!TrySchnorr(index, spend, sighashType, key, leafHash: null, out var signature, out refusal))
                    return false;
                input = input with { TaprootKeySignature = signature };
            }
        }

        foreach (var leaf in input.TaprootLeaves)
        {
            if (leaf.LeafVersion != TaprootLeafScript.TapscriptVersion)
                continue;
            if (!leaf.IsCommittedBy(outputKey))
            {
                refusal = new Refusal($"inputs[{index}].tap_leaf_script", "is not in the output's tree");
                return false;
            }

            if (!TrySignLeaf(index, spend, sighashType, leaf, ref input, out refusal))
                return false;
        }

        return true;
    }

    private bool TrySignLeaf(int index, PsbtSpend spend, uint sighashType, TaprootLeaf leaf, ref PsbtInput input, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        var leafHash = leaf.Hash;

        // Keys that the script pushes, and those that are said to sign for it: it may hold a key's hash alone.
        var said = input.TaprootDerivations.Where(pair => pair.Value.LeafHashes.Contains(leafHash)).Select(static pair => pair.Key);
        foreach (var publicKey in TaprootLeafScript.KeysOf(leaf.Script).Union(said))
        {
            var place = new TaprootSignatureKey(publicKey, leafHash);
            if (input.TaprootScriptSignatures.ContainsKey(place)
                || !_keys.TryFind(publicKey, input.TaprootDerivations.GetValueOrDefault(publicKey)?.Origin, out var key))
                continue;

            using (key)
            {
                if (!TrySchnorr(index, spend, sighashType, key, leafHash, out var signature, out refusal))
                    return false;
                input = input with { TaprootScriptSignatures = input.TaprootScriptSignatures.Add(place, signature) };
            }
        }

        return true;
    }

    /// <summary>The key to the output: the internal key's, tweaked, or that of an output key without a tree (BIP 386's rawtr).</summary>
    private bool TryFindKeyPath(Bytes32 outputKey, PsbtInput input, [NotNullWhen(true)] out SecretKey? key)
    {
        key = null;
        var internalKey = input.TaprootInternalKey;
        if (internalKey is { } known && _keys.TryFind(known, input.TaprootDerivations.GetValueOrDefault(known)?.Origin, out var secret))
        {
            using (secret)
            {
                if (secret.TweakAddXOnly(TaprootOutput.Tweak(known, input.TaprootMerkleRoot).Span, out key) && key.PublicKey.ToXOnly().ToBytes32() == outputKey)
                    return true;
            }

            key?.Dispose();
        }

        return _keys.TryFind(outputKey, input.TaprootDerivations.GetValueOrDefault(outputKey)?.Origin, out key);
    }

    private bool TrySchnorr(int index, PsbtSpend spend, uint sighashType, SecretKey key, Bytes32? leafHash, out byte[] signature, [NotNullWhen(false)] out Refusal? refusal)
    {
        signature = [];
        refusal = Check(index, spend, sighashType);
        if (refusal is null && _spentOutputs is null)
            refusal = new Refusal($"inputs[{index}]", "is taproot, whose signatures cover the outputs that all inputs spend, and one is not in the PSBT");
        if (refusal is not null)
            return false;
        if (!SignatureHash.TryTaproot(_psbt.UnsignedTransaction, index, _spentOutputs, (byte)sighashType, out var hash, leafHash: leafHash, cache: _cache))
        {
            refusal = new Refusal($"inputs[{index}].sighash_type", "is none that BIP 341 defines");
            return false;
        }

        Span<byte> auxRandom = stackalloc byte[32];
        _entropy.Fill(auxRandom);
        signature = new byte[Schnorr.SignatureLength + (sighashType == SighashType.Default ? 0 : 1)];
        Schnorr.Sign(key, hash.Span, auxRandom, signature.AsSpan(0, Schnorr.SignatureLength));
        if (sighashType != SighashType.Default)
            signature[^1] = (byte)sighashType;
        _added++;
        return true;
    }
}
