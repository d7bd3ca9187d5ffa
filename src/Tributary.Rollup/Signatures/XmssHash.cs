using System.Buffers;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>
/// The tweaked hashes of the scheme. Each input holds the parameter of the key and a tweak that no other call under the key has: the domain, the index
/// of the one-time key, and the place within. Width 16 in the chains, 24 elsewhere; all with feed-forward.
/// </summary>
internal static class XmssHash
{
    /// <summary>Elements of an input of a chain.</summary>
    public const int ChainWidth = 16;

    /// <summary>Elements of every other input.</summary>
    public const int WideWidth = 24;

    /// <summary>Elements of a message hash, eight digits each.</summary>
    public const int MessageElements = 6;

    internal const uint ChainDomain = 1;
    internal const uint LeafDomain = 2;
    internal const uint NodeDomain = 3;
    internal const uint RootDomain = 4;
    internal const uint MessageDomain = 5;
    private const int LeafBlock = WideWidth - Xmss.DigestElements;
    private const int DigitsPerElement = 24 / Xmss.LogBase;

    /// <summary>Writes what a chain hashes to get from <paramref name="step"/> to the next: value, parameter, tweak.</summary>
    public static void WriteChain(Span<KoalaBear> row, ReadOnlySpan<KoalaBear> value, ReadOnlySpan<KoalaBear> parameter, uint index, int chain, int step)
    {
        value.CopyTo(row);
        parameter.CopyTo(row[Xmss.DigestElements..]);
        row[13] = ChainDomain | ((uint)chain << 8) | ((uint)step << 16);
        WriteIndex(row[14..], index);
    }

    /// <summary>Takes chains on, all side by side: chain c of the <paramref name="values"/> from step <paramref name="from"/>[c] to the end.</summary>
    /// <param name="values">A digest for each chain, key after key.</param>
    /// <param name="from">Where each chain stands.</param>
    /// <param name="parameters">One parameter for all keys, or one for each.</param>
    /// <param name="indices">The one-time key of each.</param>
    public static void RunChains(Span<KoalaBear> values, ReadOnlySpan<byte> from, ReadOnlySpan<KoalaBear> parameters, ReadOnlySpan<uint> indices)
    {
        var rows = ArrayPool<KoalaBear>.Shared.Rent(from.Length * ChainWidth);
        var outputs = ArrayPool<KoalaBear>.Shared.Rent(from.Length * Xmss.DigestElements);
        for (var step = 0; step < Xmss.Base - 1; step++)
        {
            var count = 0;
            for (var i = 0; i < from.Length; i++)
            {
                if (from[i] > step)
                    continue;
                var (key, chain) = Math.DivRem(i, Xmss.Chains);
                var value = values.Slice(i * Xmss.DigestElements, Xmss.DigestElements);
                WriteChain(rows.AsSpan(count++ * ChainWidth, ChainWidth), value, ParameterOf(parameters, key), indices[key], chain, step);
            }

            Poseidon2Compression.CompressRows(
                Poseidon2Parameters.Width16, rows.AsSpan(0, count * ChainWidth), outputs.AsSpan(0, count * Xmss.DigestElements), Xmss.DigestElements);
            count = 0;
            for (var i = 0; i < from.Length; i++)
            {
                if (from[i] <= step)
                    outputs.AsSpan(count++ * Xmss.DigestElements, Xmss.DigestElements).CopyTo(values[(i * Xmss.DigestElements)..]);
            }
        }

        // Between the start of a chain and its end lie secrets while a key is made: they do not stay in a shared array.
        rows.AsSpan(0, from.Length * ChainWidth).Clear();
        outputs.AsSpan(0, from.Length * Xmss.DigestElements).Clear();
        ArrayPool<KoalaBear>.Shared.Return(rows);
        ArrayPool<KoalaBear>.Shared.Return(outputs);
    }

    /// <summary>The leaves of one-time keys from the ends of their chains: a chain of compressions over the ends, sixteen elements each.</summary>
    public static void Leaves(ReadOnlySpan<KoalaBear> ends, ReadOnlySpan<KoalaBear> parameters, ReadOnlySpan<uint> indices, Span<KoalaBear> leaves)
    {
        const int keyElements = Xmss.Chains * Xmss.DigestElements;
        var rows = new KoalaBear[indices.Length * WideWidth];
        for (var i = 0; i < indices.Length; i++)
        {
            var start = leaves.Slice(i * Xmss.DigestElements, Xmss.DigestElements);
            start[0] = LeafDomain;
            ParameterOf(parameters, i).CopyTo(start[1..]);
            WriteIndex(start[6..], indices[i]);
        }

        for (var block = 0; block < keyElements; block += LeafBlock)
        {
            for (var i = 0; i < indices.Length; i++)
            {
                leaves.Slice(i * Xmss.DigestElements, Xmss.DigestElements).CopyTo(rows.AsSpan(i * WideWidth));
                ends.Slice((i * keyElements) + block, LeafBlock).CopyTo(rows.AsSpan((i * WideWidth) + Xmss.DigestElements));
            }

            Poseidon2Compression.CompressRows(Poseidon2Parameters.Width24, rows, leaves, Xmss.DigestElements);
        }
    }

    /// <summary>Writes what a node hashes: children, parameter, tweak. The level counts from 1 above the leaves.</summary>
    public static void WriteNode(Span<KoalaBear> row, TreeDigest left, TreeDigest right, ReadOnlySpan<KoalaBear> parameter, int level, uint index)
    {
        left.Span.CopyTo(row);
        right.Span.CopyTo(row[Xmss.DigestElements..]);
        parameter.CopyTo(row[(2 * Xmss.DigestElements)..]);
        row[21] = NodeDomain | ((uint)level << 8);
        WriteIndex(row[22..], index);
    }

    /// <summary>A node above two.</summary>
    public static TreeDigest Node(TreeDigest left, TreeDigest right, ReadOnlySpan<KoalaBear> parameter, int level, uint index)
    {
        Span<KoalaBear> row = stackalloc KoalaBear[WideWidth];
        WriteNode(row, left, right, parameter, level, index);
        return Compress(row);
    }

    /// <summary>What an account holds: the root of the tree, bound to parameter and lifetime.</summary>
    public static TreeDigest KeyRoot(TreeDigest root, ReadOnlySpan<KoalaBear> parameter, int logLifetime)
    {
        Span<KoalaBear> row = stackalloc KoalaBear[WideWidth];
        WriteKeyRoot(row, root, parameter, logLifetime);
        return Compress(row);
    }

    /// <summary>Writes what a key root hashes: the root of the tree, parameter, domain, lifetime.</summary>
    public static void WriteKeyRoot(Span<KoalaBear> row, TreeDigest root, ReadOnlySpan<KoalaBear> parameter, int logLifetime)
    {
        row.Clear();
        root.Span.CopyTo(row);
        parameter.CopyTo(row[Xmss.DigestElements..]);
        row[13] = RootDomain;
        row[14] = (uint)logLifetime;
    }

    /// <summary>Writes what a message hash takes in: tweak, parameter, randomness, message.</summary>
    public static void WriteMessage(Span<KoalaBear> row, ReadOnlySpan<KoalaBear> parameter, uint index, ReadOnlySpan<KoalaBear> randomness, TreeDigest message)
    {
        row[0] = MessageDomain;
        WriteIndex(row[1..], index);
        parameter.CopyTo(row[3..]);
        randomness.CopyTo(row[8..]);
        message.Span.CopyTo(row[16..]);
    }

    /// <summary>
    /// The digits of a message hash; false where it has no encoding. p − 1 is 127·2²⁴, so the low 24 bits of an element other than p − 1 are uniform: that
    /// one value is given up, and so is every hash whose digits miss the target sum.
    /// </summary>
    public static bool TryEncode(ReadOnlySpan<KoalaBear> hash, Span<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < MessageElements; i++)
        {
            var value = hash[i].Value;
            if (value == KoalaBear.Modulus - 1)
                return false;
            for (var k = 0; k < DigitsPerElement && (i * DigitsPerElement) + k < Xmss.Chains; k++)
            {
                var digit = (byte)((value >> (Xmss.LogBase * k)) & (Xmss.Base - 1));
                digits[(i * DigitsPerElement) + k] = digit;
                sum += digit;
            }
        }

        return sum == Xmss.TargetSum;
    }

    private static ReadOnlySpan<KoalaBear> ParameterOf(ReadOnlySpan<KoalaBear> parameters, int key) =>
        parameters.Length == Xmss.ParameterElements ? parameters : parameters.Slice(key * Xmss.ParameterElements, Xmss.ParameterElements);

    private static TreeDigest Compress(ReadOnlySpan<KoalaBear> row)
    {
        Span<KoalaBear> digest = stackalloc KoalaBear[Xmss.DigestElements];
        Poseidon2Permutation.Compress(Poseidon2Parameters.Width24, row, digest);
        return new TreeDigest(digest);
    }

    private static void WriteIndex(Span<KoalaBear> row, uint index)
    {
        row[0] = index & 0xffff;
        row[1] = index >> 16;
    }
}
