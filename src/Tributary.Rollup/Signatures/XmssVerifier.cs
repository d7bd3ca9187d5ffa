using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>Checks signatures. Total on any bytes; a signature has one encoding.</summary>
public static class XmssVerifier
{
    /// <summary>Null where the signature holds for key, index and message; otherwise why not.</summary>
    public static Refusal? Verify(XmssPublicKey key, uint index, TreeDigest message, ReadOnlySpan<byte> signature)
    {
        if (!key.Parameters.IsValid || !TreeDigest.TryFromBytes32(key.Root, out var root))
            return new Refusal("key", "not a key of this scheme");
        if (index > key.Parameters.LastIndex)
            return new Refusal("index", $"the last one is {key.Parameters.LastIndex}");
        int logLifetime = key.Parameters.LogLifetime;
        if (signature.Length != Xmss.SignatureLength(logLifetime))
            return new Refusal("signature.length", $"{Xmss.SignatureLength(logLifetime)} bytes under this key");
        var elements = new KoalaBear[signature.Length / sizeof(uint)];
        var reader = new SpanReader(signature);
        foreach (ref var element in elements.AsSpan())
        {
            if (!reader.TryReadUInt32LittleEndian(out var value) || value >= KoalaBear.Modulus)
                return new Refusal("signature", "holds what is no field element");
            element = KoalaBear.FromUInt32(value);
        }

        ReadOnlySpan<KoalaBear> randomness = elements.AsSpan(0, Xmss.RandomnessElements);
        ReadOnlySpan<KoalaBear> parameter = elements.AsSpan(Xmss.RandomnessElements, Xmss.ParameterElements);
        var values = elements.AsSpan(Xmss.RandomnessElements + Xmss.ParameterElements, Xmss.Chains * Xmss.DigestElements);
        ReadOnlySpan<KoalaBear> path = elements.AsSpan(^(logLifetime * Xmss.DigestElements)..);

        Span<KoalaBear> row = stackalloc KoalaBear[XmssHash.WideWidth];
        Span<KoalaBear> hash = stackalloc KoalaBear[XmssHash.MessageElements];
        Span<byte> digits = stackalloc byte[Xmss.Chains];
        XmssHash.WriteMessage(row, parameter, index, randomness, message);
        Poseidon2Permutation.Compress(Poseidon2Parameters.Width24, row, hash);
        if (!XmssHash.TryEncode(hash, digits))
            return new Refusal("signature.randomness", $"the digits of the message do not add up to {Xmss.TargetSum}");

        XmssHash.RunChains(values, digits, parameter, [index]);
        Span<KoalaBear> leaf = stackalloc KoalaBear[Xmss.DigestElements];
        XmssHash.Leaves(values, parameter, [index], leaf);
        var digest = new TreeDigest(leaf);
        for (var level = 1; level <= logLifetime; level++)
        {
            var sibling = new TreeDigest(path.Slice((level - 1) * Xmss.DigestElements, Xmss.DigestElements));
            var isRight = ((index >> (level - 1)) & 1) != 0;
            digest = isRight
                ? XmssHash.Node(sibling, digest, parameter, level, index >> level)
                : XmssHash.Node(digest, sibling, parameter, level, index >> level);
        }

        return XmssHash.KeyRoot(digest, parameter, logLifetime) == root ? null : new Refusal("signature", "does not hold for this key, index and message");
    }
}
