using Tributary.Primitives.Randomness;

namespace Tributary.Testing;

/// <summary>Changes inputs the way fuzzers do, from a seed alone: the same seed gives the same inputs on every machine.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, ulong seed, int inputBytesMax)
{
    // Lengths, counts and markers at which parsers turn off the usual path.
    private static readonly byte[][] s_interesting =
    [
        [0x00], [0x01], [0x7f], [0x80], [0x81], [0xfc], [0xfd], [0xfe], [0xff],
        [0xfd, 0xff, 0xff], [0xfd, 0xfc, 0x00], [0xfd, 0x00, 0xfd], [0xfe, 0xff, 0xff, 0xff, 0xff], [0xfe, 0x00, 0x00, 0x00, 0x80],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0x7f, 0xff, 0xff, 0xff], [0x00, 0x00, 0x00, 0x00],
        "'"u8.ToArray(), "/"u8.ToArray(), "("u8.ToArray(), ","u8.ToArray(), "0"u8.ToArray(), "-1"u8.ToArray(), "99999999999999999999"u8.ToArray(),
        " "u8.ToArray(), "\0"u8.ToArray(), [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x92, 0xa9],
    ];

    private SplitMix64 _random = new(seed);

    internal byte[] Next()
    {
        // Most inputs stay near a valid one, where the deep paths are; a few are noise.
        var input = corpus.Count == 0 || Below(32) == 0 ? Noise() : [.. corpus[Below(corpus.Count)]];
        for (var left = 1 + Below(4); left > 0; left--)
            input = Mutate(input);
        return input.Length <= inputBytesMax ? input : input[..inputBytesMax];
    }

    private byte[] Mutate(byte[] input)
    {
        switch (Below(10))
        {
            case 0 when input.Length > 0:
                input[Below(input.Length)] ^= (byte)(1 << Below(8));
                return input;
            case 1 when input.Length > 0:
                input[Below(input.Length)] = (byte)Below(256);
                return input;
            case 2 when input.Length > 0:
                return input[..Below(input.Length)];
            case 3 when input.Length > 0:
                return Remove(input);
            case 4:
                return Insert(input, Noise(1 + Below(8)));
            case 5:
                return Insert(input, s_interesting[Below(s_interesting.Length)]);
            case 6:
                return Overwrite(input, s_interesting[Below(s_interesting.Length)]);
            case 7 when input.Length > 0:
                var start = Below(input.Length);
                return Insert(input, input[start..(start + 1 + Below(input.Length - start))]);
            case 8 when corpus.Count > 0:
                var other = corpus[Below(corpus.Count)];
                return [.. input[..Below(input.Length + 1)], .. other[Below(other.Length + 1)..]];
            case 9 when input.Length > 0:
                var place = Below(input.Length);
                input[place] = (byte)(input[place] + Below(35) - 17);
                return input;
            default:
                return Insert(input, [(byte)Below(256)]);
        }
    }

    private byte[] Remove(byte[] input)
    {
        var start = Below(input.Length);
        var end = start + 1 + Below(Math.Min(16, input.Length - start));
        return [.. input[..start], .. input[end..]];
    }

    private byte[] Insert(byte[] input, byte[] piece)
    {
        var place = Below(input.Length + 1);
        return [.. input[..place], .. piece, .. input[place..]];
    }

    private byte[] Overwrite(byte[] input, byte[] piece)
    {
        var place = Below(input.Length + 1);
        return [.. input[..place], .. piece, .. input[Math.Min(input.Length, place + piece.Length)..]];
    }

    private byte[] Noise() => Noise(Below(Math.Min(300, inputBytesMax + 1)));

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        for (var i = 0; i < noise.Length; i++)
            noise[i] = (byte)Below(256);
        return noise;
    }

    private int Below(int bound) => (int)(_random.Next() % (ulong)bound);
}
