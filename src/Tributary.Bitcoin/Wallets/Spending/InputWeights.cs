using Tributary.Bitcoin.Descriptors;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Wallets.Spending;

/// <summary>What spending an output will weigh, before there are signatures.</summary>
internal static class InputWeights
{
    /// <summary>ECDSA with the hash type, when the signer grinds for a low R, as this wallet does.</summary>
    internal const int LowRSignature = 71;

    /// <summary>ECDSA with the hash type, by any signer with a low S.</summary>
    internal const int AnySignature = 72;

    private const int SchnorrSignature = 64;

    // Outpoint, sequence, and the length of an empty script.
    private const int BareInput = 41 * Transaction.WitnessScaleFactor;

    /// <summary>Weight units of an input that spends the script.</summary>
    internal static int Of(DerivedScript script, int signatureLength)
    {
        var outer = StandardScripts.Classify(script.ScriptPubKey);
        var redeem = script.RedeemScript is { } redeemScript ? Pushed(redeemScript.Length) : 0;
        var inner = script.RedeemScript is { } inside ? StandardScripts.Classify(inside) : outer;
        if (inner.Type == ScriptType.WitnessV1Taproot)
            return BareInput + TaprootWitness(script);
        if (inner.Type == ScriptType.WitnessV0KeyHash)
            return BareInput + ScriptSig(redeem) + 1 + Item(signatureLength) + Item(33);
        if (inner.Type == ScriptType.WitnessV0ScriptHash && script.WitnessScript is { } witnessScript)
            return BareInput + ScriptSig(redeem) + 1 + Satisfaction(StandardScripts.Classify(witnessScript), signatureLength, KeyLength(script)).Sum(Item) + Item(witnessScript.Length);

        // Without segwit; a transaction that has segwit inputs too counts an empty witness.
        return BareInput + 1 + ScriptSig(redeem + Satisfaction(inner, signatureLength, KeyLength(script)).Sum(Pushed));
    }

    private static IEnumerable<int> Satisfaction(ScriptSolution solution, int signatureLength, int keyLength) => solution.Type switch
    {
        ScriptType.PubKey => [signatureLength],
        ScriptType.PubKeyHash => [signatureLength, keyLength],
        ScriptType.Multisig => [0, .. Enumerable.Repeat(signatureLength, solution.RequiredSignatures)],
        _ => [],
    };

    private static int TaprootWitness(DerivedScript script)
    {
        var keyPath = 1 + Item(SchnorrSignature);
        if (script.Taproot?.Tree is not { } tree)
            return keyPath;

        // Which path will be taken is not known: the heaviest is paid for.
        var heaviest = keyPath;
        for (var i = 0; i < tree.Leaves.Length; i++)
        {
            var items = 0;
            if (TapscriptTemplates.TryReadKeys(tree.Leaves[i].Script, out var required, out var keys))
                items = (required * Item(SchnorrSignature)) + (keys.Count - required);
            else if (TapscriptTemplates.TryReadKeyHash(tree.Leaves[i].Script, out _))
                items = Item(SchnorrSignature) + Item(32);
            var control = 33 + (32 * tree.PathOf(i).Count);
            heaviest = Math.Max(heaviest, 3 + items + Item(tree.Leaves[i].Script.Length) + Item(control));
        }

        return heaviest;
    }

    private static int KeyLength(DerivedScript script) => script.Keys.IsEmpty || script.Keys[0].Key.IsCompressed ? 33 : 65;

    private static int ScriptSig(int length) => (length + CompactSize(length) - 1) * Transaction.WitnessScaleFactor;

    private static int Item(int length) => CompactSize(length) + length;

    private static int Pushed(int length) => length + length switch
    {
        < 76 => 1,
        <= byte.MaxValue => 2,
        _ => 3,
    };

    private static int CompactSize(int value) => value < 0xfd ? 1 : value <= ushort.MaxValue ? 3 : 5;
}
