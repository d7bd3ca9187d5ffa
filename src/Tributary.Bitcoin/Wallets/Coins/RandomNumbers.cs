using System.Buffers.Binary;
using Tributary.Primitives.Contracts;

namespace Tributary.Bitcoin.Wallets.Coins;

/// <summary>Whole numbers, coin flips and permutations from entropy, which is asked for many at once.</summary>
internal sealed class RandomNumbers(IEntropy entropy)
{
    private readonly byte[] _pool = new byte[256];
    private int _used = 256;
    private ulong _bits;
    private int _bitCount;

    /// <summary>A number from 0 to below the bound, each as likely.</summary>
    internal long Below(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);

        // Numbers above the last whole multiple would favour small results; they are drawn again.
        var limit = ulong.MaxValue - (((ulong.MaxValue % (ulong)bound) + 1) % (ulong)bound);
        ulong number;
        do
            number = Next();
        while (number > limit);
        return (long)(number % (ulong)bound);
    }

    /// <summary>A coin flip.</summary>
    internal bool Flip()
    {
        if (_bitCount == 0)
            (_bits, _bitCount) = (Next(), 64);
        var bit = (_bits & 1) != 0;
        _bits >>= 1;
        _bitCount--;
        return bit;
    }

    /// <summary>A random order (Fisher and Yates).</summary>
    internal void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = (int)Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private ulong Next()
    {
        if (_used == _pool.Length)
        {
            entropy.Fill(_pool);
            _used = 0;
        }

        _used += sizeof(ulong);
        return BinaryPrimitives.ReadUInt64LittleEndian(_pool.AsSpan(_used - sizeof(ulong)));
    }
}
