using System.Buffers.Binary;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Hashing;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Rollup.Tests.Signatures;

/// <summary>The scheme as docs/rollup/signatures.md states it, one hash after the other, on integers; the oracle of the fast one.</summary>
internal sealed class XmssReference
{
    private readonly byte[] _seed;
    private readonly int _logLifetime;
    private readonly Dictionary<(int Level, uint Index), uint[]> _nodes = [];

    public XmssReference(byte[] seed, int logLifetime)
    {
        (_seed, _logLifetime) = (seed, logLifetime);
        Parameter = Draw(1, 0, 0, [], 5);
    }

    public uint[] Parameter { get; }

    public uint[] KeyRoot => Hash(24, 8, [.. Node(_logLifetime, 0), .. Parameter, 4, (uint)_logLifetime, .. new uint[9]]);

    public byte[] Sign(uint index, uint[] message)
    {
        for (var attempt = 0u; ; attempt++)
        {
            var randomness = Draw(4, index, attempt, [.. message.SelectMany(BitConverter.GetBytes)], 8);
            var hash = Hash(24, 6, [5, index & 0xffff, index >> 16, .. Parameter, .. randomness, .. message]);
            int[] digits = [.. hash.SelectMany(static element => Enumerable.Range(0, 8).Select(k => (int)(element >> (3 * k)) & 7)).Take(46)];
            if (hash.Contains(KoalaBear.Modulus - 1) || digits.Sum() != 200)
                continue;
            var starts = Draw(2, index, 0, [], 46 * 8);
            uint[] chains = [.. Enumerable.Range(0, 46).SelectMany(c => Chain(starts[(8 * c)..((8 * c) + 8)], index, c, 0, digits[c]))];
            uint[] path = [.. Enumerable.Range(0, _logLifetime).SelectMany(level => Node(level, (index >> level) ^ 1))];
            return [.. ((uint[])[.. randomness, .. Parameter, .. chains, .. path]).SelectMany(BitConverter.GetBytes)];
        }
    }

    private uint[] Chain(uint[] value, uint index, int chain, int from, int to)
    {
        for (var step = from; step < to; step++)
            value = Hash(16, 8, [.. value, .. Parameter, 1 + ((uint)chain * 256) + ((uint)step * 65536), index & 0xffff, index >> 16]);
        return value;
    }

    private uint[] Node(int level, uint index)
    {
        if (_nodes.TryGetValue((level, index), out var known))
            return known;
        uint[] node;
        if (level > 0)
        {
            node = Hash(24, 8, [.. Node(level - 1, 2 * index), .. Node(level - 1, (2 * index) + 1), .. Parameter, 3 + ((uint)level * 256), index & 0xffff, index >> 16]);
        }
        else
        {
            var starts = Draw(2, index, 0, [], 46 * 8);
            uint[] ends = [.. Enumerable.Range(0, 46).SelectMany(c => Chain(starts[(8 * c)..((8 * c) + 8)], index, c, 0, 7))];
            node = [2, .. Parameter, index & 0xffff, index >> 16];
            for (var block = 0; block < ends.Length; block += 16)
                node = Hash(24, 8, [.. node, .. ends[block..(block + 16)]]);
        }

        return _nodes[(level, index)] = node;
    }

    private uint[] Draw(byte purpose, uint first, uint second, byte[] context, int count)
    {
        var elements = new List<uint>();
        for (var round = 0u; elements.Count < count; round++)
        {
            byte[] input = [purpose, .. BitConverter.GetBytes(first), .. BitConverter.GetBytes(second), .. BitConverter.GetBytes(round), .. context];
            var output = new byte[4 * (count + 16)];
            Blake3.CreateKeyed(_seed).Update(input).Finish(output);
            for (var i = 0; i < output.Length && elements.Count < count; i += 4)
            {
                var word = BinaryPrimitives.ReadUInt32LittleEndian(output.AsSpan(i)) & 0x7fffffff;
                if (word < KoalaBear.Modulus)
                    elements.Add(word);
            }
        }

        return [.. elements];
    }

    private static uint[] Hash(int width, int length, uint[] input)
    {
        Assert.Equal(width, input.Length);
        KoalaBear[] state = [.. input.Select(KoalaBear.FromUInt32)];
        KoalaBear[] permuted = [.. state];
        Poseidon2Permutation.Permute(width == 16 ? Poseidon2Parameters.Width16 : Poseidon2Parameters.Width24, permuted);
        return [.. Enumerable.Range(0, length).Select(i => (permuted[i] + state[i]).Value)];
    }
}
