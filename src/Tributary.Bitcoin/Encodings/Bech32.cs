using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Encodings;

/// <summary>Bech32 (BIP 173) and bech32m (BIP 350): a readable prefix, groups of five bits, and a checksum that finds up to four errors.</summary>
public static class Bech32
{
    /// <summary>The length within which the checksum keeps its promise, and the limit of an address.</summary>
    public const int AddressLengthMax = 90;

    /// <summary>The characters of the data part by their value.</summary>
    public const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    private const int ChecksumLength = 6;
    private const int PrefixLengthMax = 83;
    private const uint Bech32Constant = 1;
    private const uint Bech32mConstant = 0x2bc8_30a3;

    private static ReadOnlySpan<sbyte> Values =>
    [
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        15, -1, 10, 17, 21, 20, 26, 30, 7, 5, -1, -1, -1, -1, -1, -1,
        -1, 29, -1, 24, 13, 25, 9, 8, 23, -1, 18, 22, 31, 27, 19, -1,
        1, 0, 3, 16, 11, 28, 12, 14, 6, 4, 2, -1, -1, -1, -1, -1,
        -1, 29, -1, 24, 13, 25, 9, 8, 23, -1, 18, 22, 31, 27, 19, -1,
        1, 0, 3, 16, 11, 28, 12, 14, 6, 4, 2, -1, -1, -1, -1, -1,
    ];

    /// <summary>Encodes groups of five bits (one per byte, 0 … 31) in lower case.</summary>
    /// <param name="prefix">1 … 83 printable ASCII characters, lower case.</param>
    /// <param name="data">Values of 0 … 31.</param>
    /// <param name="variant">Which checksum.</param>
    public static string Encode(string prefix, ReadOnlySpan<byte> data, Bech32Variant variant)
    {
        if (prefix.Length is 0 or > PrefixLengthMax || prefix.AsSpan().ContainsAnyExceptInRange('!', '~') || prefix.Any(char.IsAsciiLetterUpper))
            throw new ArgumentException("A prefix is 1 to 83 printable ASCII characters in lower case.", nameof(prefix));
        if (data.ContainsAnyExceptInRange((byte)0, (byte)31))
            throw new ArgumentException("The data are groups of five bits.", nameof(data));

        var checksum = ExpandPrefix(prefix);
        foreach (var value in data)
            checksum = Step(checksum, value);
        for (var i = 0; i < ChecksumLength; i++)
            checksum = Step(checksum, 0);
        checksum ^= Constant(variant);

        var text = new char[prefix.Length + 1 + data.Length + ChecksumLength];
        prefix.CopyTo(text);
        text[prefix.Length] = '1';
        var at = prefix.Length + 1;
        foreach (var value in data)
            text[at++] = Alphabet[value];
        for (var i = ChecksumLength - 1; i >= 0; i--)
            text[at++] = Alphabet[(int)(checksum >> (5 * i)) & 31];
        return new string(text);
    }

    /// <summary>
    /// Decodes text with either checksum. A wrong checksum is refused with the positions of up to two mistyped characters, where the
    /// code can tell them: it can in texts of at most 90 characters.
    /// </summary>
    /// <param name="text">All lower or all upper case.</param>
    /// <param name="maxLength">The longest text to take; <see cref="AddressLengthMax"/> for an address.</param>
    public static Result<Bech32Text, Refusal> Decode(ReadOnlySpan<char> text, int maxLength = AddressLengthMax)
    {
        if (text.Length > maxLength)
            return new Refusal("bech32", $"is longer than {maxLength} characters");
        if (!TrySplit(text, out var prefix, out var data, out var refusal))
            return refusal;

        var checksum = ExpandPrefix(prefix);
        foreach (var value in data)
            checksum = Step(checksum, value);
        if (checksum is not (Bech32Constant or Bech32mConstant))
            return new Refusal("checksum", DescribeErrors(checksum, data.Length, prefix.Length + 1, text.Length));

        var variant = checksum == Bech32Constant ? Bech32Variant.Bech32 : Bech32Variant.Bech32m;
        return new Bech32Text(prefix, data.AsMemory(0, data.Length - ChecksumLength), variant);
    }

    /// <summary>
    /// Splits text at its last '1' into a lower-case prefix and values of five bits, checking characters and case and no checksum: BOLT 12
    /// has none.
    /// </summary>
    public static bool TrySplit(ReadOnlySpan<char> text, out string prefix, out byte[] values, [NotNullWhen(false)] out Refusal? refusal, int checksumLength = ChecksumLength)
    {
        prefix = "";
        values = [];
        refusal = null;
        var (lower, upper) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < '!' or > '~')
                refusal ??= new Refusal("bech32", $"has a character that bech32 does not use at position {i + 1}");
            lower |= char.IsAsciiLetterLower(text[i]);
            upper |= char.IsAsciiLetterUpper(text[i]);
        }

        if (refusal is not null)
            return false;
        if (lower && upper)
            refusal = new Refusal("bech32", "mixes upper and lower case");
        var separator = text.LastIndexOf('1');
        if (separator < 0)
            refusal ??= new Refusal("bech32", "has no '1' between prefix and data");
        if (separator is 0 or > PrefixLengthMax)
            refusal ??= new Refusal("prefix", $"takes 1 to {PrefixLengthMax} characters");
        if (text.Length - separator - 1 < checksumLength)
            refusal ??= new Refusal("bech32", "is too short to hold a checksum");
        if (refusal is not null)
            return false;

        values = new byte[text.Length - separator - 1];
        for (var i = 0; i < values.Length; i++)
        {
            var value = Values[text[separator + 1 + i]];
            if (value < 0)
            {
                refusal = new Refusal("bech32", $"has a character that bech32 does not use at position {separator + 2 + i}");
                return false;
            }

            values[i] = (byte)value;
        }

        prefix = upper ? text[..separator].ToString().ToLowerInvariant() : text[..separator].ToString();
        return true;
    }

    /// <summary>Regroups bytes into groups of five bits; the last group is padded with zero bits.</summary>
    public static byte[] ToFiveBits(ReadOnlySpan<byte> bytes)
    {
        var groups = new byte[((bytes.Length * 8) + 4) / 5];
        var (buffer, bits, at) = (0u, 0, 0);
        foreach (var value in bytes)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 5)
                groups[at++] = (byte)((buffer >> (bits -= 5)) & 31);
        }

        if (bits > 0)
            groups[at] = (byte)((buffer << (5 - bits)) & 31);
        return groups;
    }

    /// <summary>Regroups five-bit values into bytes; refuses more than four bits of padding and padding that is not zero.</summary>
    public static Result<byte[], Refusal> ToBytes(ReadOnlySpan<byte> fiveBits)
    {
        var bytes = new byte[fiveBits.Length * 5 / 8];
        var (buffer, bits, at) = (0u, 0, 0);
        foreach (var value in fiveBits)
        {
            buffer = (buffer << 5) | value;
            bits += 5;
            if (bits >= 8)
                bytes[at++] = (byte)(buffer >> (bits -= 8));
        }

        if (bits >= 5)
            return new Refusal("padding", "is longer than four bits");
        return (buffer & ((1u << bits) - 1)) == 0 ? bytes : new Refusal("padding", "is not zero");
    }

    /// <summary>Shifts one value into the remainder modulo the code's generator polynomial.</summary>
    internal static uint Step(uint checksum, byte value)
    {
        var top = checksum >> 25;
        checksum = ((checksum & 0x1ff_ffff) << 5) ^ value;
        checksum ^= (uint)-(int)(top & 1) & 0x3b6a_57b2;
        checksum ^= (uint)-(int)((top >> 1) & 1) & 0x2650_8e6d;
        checksum ^= (uint)-(int)((top >> 2) & 1) & 0x1ea1_19fa;
        checksum ^= (uint)-(int)((top >> 3) & 1) & 0x3d42_33dd;
        checksum ^= (uint)-(int)((top >> 4) & 1) & 0x2a14_62b3;
        return checksum;
    }

    private static uint ExpandPrefix(string prefix)
    {
        uint checksum = 1;
        foreach (var character in prefix)
            checksum = Step(checksum, (byte)(character >> 5));
        checksum = Step(checksum, 0);
        foreach (var character in prefix)
            checksum = Step(checksum, (byte)(character & 31));
        return checksum;
    }

    private static uint Constant(Bech32Variant variant) => variant == Bech32Variant.Bech32 ? Bech32Constant : Bech32mConstant;

    private static string DescribeErrors(uint checksum, int values, int dataStart, int textLength)
    {
        const string Unknown = "does not match: characters are mistyped or missing";
        if (textLength > AddressLengthMax)
            return Unknown;

        // Which of the two constants the writer meant is not known: the reading with fewer errors wins, and a draw says nothing.
        var plain = Bech32ErrorLocator.Locate(checksum ^ Bech32Constant, values);
        var modified = Bech32ErrorLocator.Locate(checksum ^ Bech32mConstant, values);
        var found = (plain.Length, modified.Length) switch
        {
            (0, 0) => [],
            (0, _) => modified,
            (_, 0) => plain,
            var (a, b) when a < b => plain,
            var (a, b) when a > b => modified,
            _ => [],
        };
        return found.Length switch
        {
            1 => $"does not match: the character at position {dataStart + found[0] + 1} looks mistyped",
            2 => $"does not match: the characters at positions {dataStart + found[0] + 1} and {dataStart + found[1] + 1} look mistyped",
            _ => Unknown,
        };
    }
}
