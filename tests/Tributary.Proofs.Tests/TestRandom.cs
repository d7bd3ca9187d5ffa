using Tributary.Primitives.Randomness;
using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Tests;

/// <summary>A seeded stream of field elements for tests (SplitMix64), with the edges of the field made frequent.</summary>
internal sealed class TestRandom(ulong seed)
{
    private static readonly uint[] Edges = [0, 1, 2, KoalaBear.Modulus - 1, KoalaBear.Modulus - 2, 0x01fffffe, 0x7effffff, 1 << 24];

    private SplitMix64 _random = new(seed);

    public ulong NextUInt64() => _random.Next();

    public int Next(int limit) => (int)(NextUInt64() % (ulong)limit);

    public KoalaBear NextElement()
    {
        var draw = NextUInt64();
        return draw % 8 == 0 ? KoalaBear.FromWordUnchecked(Edges[(draw >> 8) % (ulong)Edges.Length]) : KoalaBear.FromUInt64(draw >> 3);
    }

    public Extension NextExtension() => new(NextElement(), NextElement(), NextElement(), NextElement(), NextElement());

    public KoalaBear[] Elements(int count)
    {
        var values = new KoalaBear[count];
        foreach (ref var value in values.AsSpan())
            value = NextElement();
        return values;
    }

    public Extension[] Extensions(int count)
    {
        var values = new Extension[count];
        foreach (ref var value in values.AsSpan())
            value = NextExtension();
        return values;
    }

    public byte[] Bytes(int count)
    {
        var values = new byte[count];
        foreach (ref var value in values.AsSpan())
            value = (byte)NextUInt64();
        return values;
    }
}
