using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Encodings;

/// <summary>Base58 as Bitcoin writes addresses and keys: no 0, O, I or l; a leading zero byte is a leading '1'.</summary>
public static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private static ReadOnlySpan<sbyte> Digits =>
    [
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, -1, -1, -1, -1, -1, -1,
        -1, 9, 10, 11, 12, 13, 14, 15, 16, -1, 17, 18, 19, 20, 21, -1,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, -1, -1, -1, -1, -1,
        -1, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, -1, 44, 45, 46,
        47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, -1, -1, -1, -1, -1,
    ];

    /// <summary>Encodes bytes. The work grows with the square of the length: for keys and addresses, not for files.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0);
        if (zeros < 0)
            return new string('1', bytes.Length);

        // log(256) / log(58) is below 1.366.
        Span<byte> digits = bytes.Length <= 128 ? stackalloc byte[192] : new byte[(bytes.Length * 1366 / 1000) + 1];
        var used = 0;
        foreach (var value in bytes[zeros..])
        {
            int carry = value;
            for (var i = 0; i < used || carry != 0; i++)
            {
                if (i < used)
                    carry += digits[i] << 8;
                else
                    used++;
                digits[i] = (byte)(carry % 58);
                carry /= 58;
            }
        }

        var text = new char[zeros + used];
        text.AsSpan(0, zeros).Fill('1');
        for (var i = 0; i < used; i++)
            text[zeros + i] = Alphabet[digits[used - 1 - i]];
        return new string(text);
    }

    /// <summary>Decodes text of at most <paramref name="maxBytes"/> bytes, so that the work is bounded by what the caller expects.</summary>
    public static Result<byte[], Refusal> Decode(ReadOnlySpan<char> text, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        var zeros = text.IndexOfAnyExcept('1');
        if (zeros < 0)
            zeros = text.Length;

        // A number of n digits takes at least 0.732 · (n - 1) bytes.
        if (zeros > maxBytes || (long)Math.Max(0, text.Length - zeros - 1) * 732 / 1000 > maxBytes - zeros)
            return new Refusal("base58", $"is longer than {maxBytes} bytes");

        Span<byte> little = maxBytes <= 128 ? stackalloc byte[129] : new byte[maxBytes + 1];
        var used = 0;
        for (var at = zeros; at < text.Length; at++)
        {
            int carry = text[at] < 128 ? Digits[text[at]] : -1;
            if (carry < 0)
                return new Refusal("base58", $"has a character that base58 does not use at position {at + 1}");
            for (var i = 0; i < used || carry != 0; i++)
            {
                if (i < used)
                    carry += little[i] * 58;
                else if (++used > maxBytes - zeros)
                    return new Refusal("base58", $"is longer than {maxBytes} bytes");
                little[i] = (byte)carry;
                carry >>= 8;
            }
        }

        var bytes = new byte[zeros + used];
        for (var i = 0; i < used; i++)
            bytes[zeros + i] = little[used - 1 - i];
        return bytes;
    }
}
