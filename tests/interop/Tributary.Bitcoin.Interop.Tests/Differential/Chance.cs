using System.Buffers.Binary;
using Tributary.Crypto;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>Random choices that a seed repeats on every machine.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _counter;

    /// <summary>A number from 0 to <paramref name="below"/> − 1.</summary>
    public int Below(int below) => (int)(Next() % (ulong)below);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool OneIn(int times) => Below(times) == 0;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)Next();
        return bytes;
    }

    public ulong Next()
    {
        Span<byte> input = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(input, seed);
        BinaryPrimitives.WriteUInt64LittleEndian(input[8..], _counter++);
        return BinaryPrimitives.ReadUInt64LittleEndian(Hashes.Sha256(input).Span);
    }
}
