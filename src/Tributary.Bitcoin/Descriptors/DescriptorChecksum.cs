using System.Buffers;
using Tributary.Bitcoin.Encodings;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>The eight characters behind a descriptor's '#' (BIP 380): a BCH code that finds any three wrong characters.</summary>
public static class DescriptorChecksum
{
    /// <summary>Characters of a checksum.</summary>
    public const int Length = 8;

    // Three groups of 32, so that an error of case changes the group alone.
    private const string InputAlphabet =
        "0123456789()[],'/*abcdefgh@:$%{}" +
        "IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~" +
        "ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";

    private static readonly SearchValues<char> s_input = SearchValues.Create(InputAlphabet);
    private static readonly ulong[] s_generator = [0xf5dee51989, 0xa9fdca3312, 0x1bab10e32d, 0x3706b1677a, 0x644d626ffd];

    /// <summary>The checksum of a descriptor without one; null when it holds a character that descriptors do not use.</summary>
    public static string? Compute(ReadOnlySpan<char> descriptor)
    {
        var checksum = 1UL;
        var (groups, count) = (0, 0);
        foreach (var character in descriptor)
        {
            var position = InputAlphabet.IndexOf(character, StringComparison.Ordinal);
            if (position < 0)
                return null;

            checksum = Step(checksum, (uint)position & 31);
            groups = (groups * 3) + (position >> 5);
            if (++count == 3)
            {
                checksum = Step(checksum, (uint)groups);
                (groups, count) = (0, 0);
            }
        }

        if (count > 0)
            checksum = Step(checksum, (uint)groups);
        for (var i = 0; i < Length; i++)
            checksum = Step(checksum, 0);
        checksum ^= 1;
        return string.Create(Length, checksum, static (text, value) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = Bech32.Alphabet[(int)(value >> (5 * (Length - 1 - i))) & 31];
        });
    }

    /// <summary>The place of the first character that descriptors do not use, or −1.</summary>
    internal static int IndexOfForeign(ReadOnlySpan<char> descriptor) => descriptor.IndexOfAnyExcept(s_input);

    private static ulong Step(ulong checksum, uint value)
    {
        var top = checksum >> 35;
        checksum = ((checksum & 0x7_ffff_ffff) << 5) ^ value;
        for (var i = 0; i < s_generator.Length; i++)
            checksum ^= ((top >> i) & 1) != 0 ? s_generator[i] : 0;
        return checksum;
    }
}
