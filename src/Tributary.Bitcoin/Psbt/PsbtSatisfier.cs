using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Psbt;

/// <summary>Puts the signatures of an input together the way its script wants them: keys, key hashes, multisig, taproot.</summary>
internal static class PsbtSatisfier
{
    /// <summary>The final scripts of an input; false where signatures are missing or the script is of another form.</summary>
    internal static bool TrySatisfy(PsbtInput input, PsbtSpend spend, out Script? scriptSig, [NotNullWhen(true)] out byte[][]? witness)
    {
        scriptSig = null;
        witness = null;
        if (spend.Version == PsbtSpendVersion.Taproot)
        {
            witness = SatisfyTaproot(input, spend);
            return witness is not null;
        }

        if (SatisfyEcdsa(input, spend.Solution) is not { } stack)
            return false;

        var builder = new ScriptBuilder();
        if (spend.Version == PsbtSpendVersion.SegwitV0)
        {
            witness = input.WitnessScript is { } witnessScript && spend.Solution.Type != ScriptType.WitnessV0KeyHash ? [.. stack, witnessScript.ToArray()] : stack;
        }
        else
        {
            witness = [];
            foreach (var item in stack)
                builder.Push(item);
        }

        if (StandardScripts.Classify(spend.Output.ScriptPubKey).Type == ScriptType.ScriptHash)
            builder.Push(input.RedeemScript!.Value.Span);
        scriptSig = builder.Length > 0 ? builder.Build() : null;
        return true;
    }

    private static byte[][]? SatisfyEcdsa(PsbtInput input, ScriptSolution solution)
    {
        switch (solution.Type)
        {
            case ScriptType.PubKey:
                return Signature(input, solution.First) is { } single ? [single] : null;

            case ScriptType.PubKeyHash or ScriptType.WitnessV0KeyHash:
                foreach (var (key, signature) in input.PartialSignatures)
                {
                    if (solution.First.Span.SequenceEqual(key.Hash160))
                        return [signature.ToArray(), key.Memory.ToArray()];
                }

                return null;

            case ScriptType.Multisig:
                // In the order of the keys, behind the element that OP_CHECKMULTISIG takes too many (BIP 147: empty).
                var stack = new List<byte[]> { Array.Empty<byte>() };
                foreach (var key in solution.Keys.Span)
                {
                    if (stack.Count <= solution.RequiredSignatures && Signature(input, key) is { } signature)
                        stack.Add(signature);
                }

                return stack.Count > solution.RequiredSignatures ? [.. stack] : null;

            default:
                return null;
        }
    }

    private static byte[]? Signature(PsbtInput input, ReadOnlyMemory<byte> publicKey)
    {
        foreach (var (key, signature) in input.PartialSignatures)
        {
            if (key.Span.SequenceEqual(publicKey.Span))
                return signature.ToArray();
        }

        return null;
    }

    private static byte[][]? SatisfyTaproot(PsbtInput input, PsbtSpend spend)
    {
        if (input.TaprootKeySignature is { } signature)
            return [signature.ToArray()];

        var outputKey = new Bytes32(spend.Solution.First.Span);
        byte[][]? best = null;
        foreach (var leaf in input.TaprootLeaves)
        {
            if (leaf.LeafVersion != TaprootLeafScript.TapscriptVersion || !leaf.IsCommittedBy(outputKey) || SatisfyLeaf(input, leaf) is not { } stack)
                continue;
            byte[][] witness = [.. stack, leaf.Script.ToArray(), leaf.ControlBlock.ToArray()];
            if (best is null || witness.Sum(static item => item.Length) < best.Sum(static item => item.Length))
                best = witness;
        }

        return best;
    }

    private static byte[][]? SatisfyLeaf(PsbtInput input, TaprootLeaf leaf)
    {
        var hash = leaf.Hash;
        if (TapscriptTemplates.TryReadKeyHash(leaf.Script, out var keyHash))
        {
            foreach (var (place, signature) in input.TaprootScriptSignatures)
            {
                if (place.LeafHash == hash && keyHash.SequenceEqual(TapscriptTemplates.HashOf(place.PublicKey)))
                    return [signature.ToArray(), place.PublicKey.ToArray()];
            }

            return null;
        }

        if (!TapscriptTemplates.TryReadKeys(leaf.Script, out var required, out var keys))
            return null;

        // The first key's signature is on top of the stack, and what is not needed is empty.
        var stack = new byte[keys.Count][];
        var left = required;
        for (var i = 0; i < keys.Count; i++)
        {
            var isUsed = input.TaprootScriptSignatures.TryGetValue(new TaprootSignatureKey(keys[i], hash), out var signature) && left > 0;
            stack[keys.Count - 1 - i] = isUsed ? signature.ToArray() : [];
            left -= isUsed ? 1 : 0;
        }

        return left == 0 ? stack : null;
    }
}
