using System.Collections.Immutable;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>The combiner's role: one PSBT with the fields of all. Where two give a field different values, the first one's is kept.</summary>
public static class PsbtCombiner
{
    /// <summary>Combines PSBTs of the same unsigned transaction.</summary>
    public static Result<PartiallySignedTransaction, Refusal> Combine(IReadOnlyList<PartiallySignedTransaction> psbts)
    {
        if (psbts.Count == 0)
            return new Refusal("psbts", "are none");

        var first = psbts[0];
        for (var i = 1; i < psbts.Count; i++)
        {
            if (!psbts[i].UnsignedTransaction.Equals(first.UnsignedTransaction))
                return new Refusal($"psbts[{i}]", "is of another transaction than the first");
        }

        return psbts.Skip(1).Aggregate(first, static (combined, other) => new PartiallySignedTransaction(
            combined.UnsignedTransaction,
            [.. combined.Inputs.Zip(other.Inputs, Combine)],
            [.. combined.Outputs.Zip(other.Outputs, Combine)],
            [.. combined.ExtendedKeys.Concat(other.ExtendedKeys).DistinctBy(static key => Convert.ToHexString(key.Serialized.Span), StringComparer.Ordinal).Order()],
            Combine(combined.Unknown, other.Unknown)));
    }

    private static PsbtInput Combine(PsbtInput first, PsbtInput second) => new()
    {
        NonWitnessUtxo = first.NonWitnessUtxo ?? second.NonWitnessUtxo,
        WitnessUtxo = first.WitnessUtxo ?? second.WitnessUtxo,
        PartialSignatures = Combine(first.PartialSignatures, second.PartialSignatures),
        SighashType = first.SighashType ?? second.SighashType,
        RedeemScript = first.RedeemScript ?? second.RedeemScript,
        WitnessScript = first.WitnessScript ?? second.WitnessScript,
        Bip32Derivations = Combine(first.Bip32Derivations, second.Bip32Derivations),
        FinalScriptSig = first.FinalScriptSig ?? second.FinalScriptSig,
        FinalScriptWitness = first.FinalScriptWitness ?? second.FinalScriptWitness,
        Preimages = [.. first.Preimages.Concat(second.Preimages).DistinctBy(static preimage => (preimage.Kind, Convert.ToHexString(preimage.Hash.Span))).Order()],
        TaprootKeySignature = first.TaprootKeySignature ?? second.TaprootKeySignature,
        TaprootScriptSignatures = Combine(first.TaprootScriptSignatures, second.TaprootScriptSignatures),
        TaprootLeaves = first.TaprootLeaves.Union(second.TaprootLeaves),
        TaprootDerivations = Combine(first.TaprootDerivations, second.TaprootDerivations),
        TaprootInternalKey = first.TaprootInternalKey ?? second.TaprootInternalKey,
        TaprootMerkleRoot = first.TaprootMerkleRoot ?? second.TaprootMerkleRoot,
        Unknown = Combine(first.Unknown, second.Unknown),
    };

    private static PsbtOutput Combine(PsbtOutput first, PsbtOutput second) => new()
    {
        RedeemScript = first.RedeemScript ?? second.RedeemScript,
        WitnessScript = first.WitnessScript ?? second.WitnessScript,
        Bip32Derivations = Combine(first.Bip32Derivations, second.Bip32Derivations),
        TaprootInternalKey = first.TaprootInternalKey ?? second.TaprootInternalKey,
        TaprootTree = first.TaprootTree.IsEmpty ? second.TaprootTree : first.TaprootTree,
        TaprootDerivations = Combine(first.TaprootDerivations, second.TaprootDerivations),
        Unknown = Combine(first.Unknown, second.Unknown),
    };

    private static ImmutableSortedDictionary<TKey, TValue> Combine<TKey, TValue>(ImmutableSortedDictionary<TKey, TValue> first, ImmutableSortedDictionary<TKey, TValue> second)
        where TKey : notnull =>
        first.AddRange(second.Where(pair => !first.ContainsKey(pair.Key)));

    private static ImmutableArray<PsbtEntry> Combine(ImmutableArray<PsbtEntry> first, ImmutableArray<PsbtEntry> second) =>
        [.. first.Concat(second).DistinctBy(static entry => Convert.ToHexString(entry.Key.Span), StringComparer.Ordinal).Order()];
}
