using System.Buffers.Binary;
using Tributary.Primitives.Results;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>Checks signatures. Total on any bytes; a signature has one encoding.</summary>
public static class XmssVerifier
{
    internal static readonly Refusal NoElement = new("signature", "holds what is no field element");
    internal static readonly Refusal NoEncoding = new("signature.randomness", $"the digits of the message do not add up to {Xmss.TargetSum}");
    internal static readonly Refusal DoesNotHold = new("signature", "does not hold for this key, index and message");

    /// <summary>Null where the signature holds for key, index and message; otherwise why not.</summary>
    public static Refusal? Verify(XmssPublicKey key, uint index, TreeDigest message, ReadOnlySpan<byte> signature)
    {
        if (Check(key, index, signature.Length, out var root) is { } misfit)
            return misfit;
        int logLifetime = key.Parameters.LogLifetime;
        var elements = new KoalaBear[signature.Length / sizeof(uint)];
        if (!TryReadElements(ref signature, elements))
            return NoElement;

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
            return NoEncoding;

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

        return XmssHash.KeyRoot(digest, parameter, logLifetime) == root ? null : DoesNotHold;
    }

    /// <summary>What can be said before anything is hashed.</summary>
    internal static Refusal? Check(XmssPublicKey key, uint index, int signatureLength, out TreeDigest root)
    {
        root = default;
        if (!key.Parameters.IsValid || !TreeDigest.TryFromBytes32(key.Root, out root))
            return new Refusal("key", "not a key of this scheme");
        if (index > key.Parameters.LastIndex)
            return new Refusal("index", $"the last one is {key.Parameters.LastIndex}");
        var length = Xmss.SignatureLength(key.Parameters.LogLifetime);
        return signatureLength == length ? null : new Refusal("signature.length", $"{length} bytes under this key");
    }

    /// <summary>Reads elements from the front of bytes; false where a word is none.</summary>
    internal static bool TryReadElements(ref ReadOnlySpan<byte> bytes, Span<KoalaBear> elements)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            var value = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(sizeof(uint) * i)..]);
            if (value >= KoalaBear.Modulus)
                return false;
            elements[i] = KoalaBear.FromUInt32(value);
        }

        bytes = bytes[(sizeof(uint) * elements.Length)..];
        return true;
    }
}
