using System.Globalization;
using System.Text;

namespace Tributary.Crypto;

/// <summary>Unicode's full compatibility decompositions and combining classes, read once from <c>nfkd.txt</c> when text beyond ASCII comes.</summary>
internal sealed class NfkdTable
{
    // Hangul syllables decompose by arithmetic (The Unicode Standard, 3.12).
    private const int HangulFirst = 0xac00;
    private const int HangulCount = 11172;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TrailBeforeFirst = 0x11a7;
    private const int TrailCount = 28;
    private const int VowelTrailCount = 588;

    private static readonly Lazy<NfkdTable> s_instance = new(() => new NfkdTable());

    private readonly int[] _codes;
    private readonly (int Start, int Length)[] _places;
    private readonly int[] _pool;
    private readonly (int First, int Last, byte Class)[] _classes;

    private NfkdTable()
    {
        var (codes, places, pool, classes) = (new List<int>(), new List<(int, int)>(), new List<int>(), new List<(int, int, byte)>());
        foreach (var line in Encoding.ASCII.GetString(EmbeddedText.Read("nfkd")).AsSpan().EnumerateLines())
        {
            if (line.IndexOf('=') is var equals and > 0)
            {
                var start = pool.Count;
                foreach (var part in line[(equals + 1)..].Split(' '))
                    pool.Add(FromHex(line[(equals + 1)..][part]));
                codes.Add(FromHex(line[..equals]));
                places.Add((start, pool.Count - start));
            }
            else if (line.IndexOf(':') is var colon and > 0)
            {
                var dash = line.IndexOf('-');
                classes.Add((FromHex(line[..dash]), FromHex(line[(dash + 1)..colon]), (byte)FromHex(line[(colon + 1)..])));
            }
        }

        (_codes, _places, _pool, _classes) = ([.. codes], [.. places], [.. pool], [.. classes]);
    }

    internal static NfkdTable Instance => s_instance.Value;

    /// <summary>The most code points that one decomposes into.</summary>
    internal const int ExpansionMax = 18;

    /// <summary>Writes the decomposition of one code point and returns how many it has.</summary>
    internal int Decompose(int code, Span<int> destination)
    {
        if (code is >= HangulFirst and < HangulFirst + HangulCount)
        {
            var syllable = code - HangulFirst;
            destination[0] = LeadFirst + (syllable / VowelTrailCount);
            destination[1] = VowelFirst + (syllable % VowelTrailCount / TrailCount);
            if (syllable % TrailCount == 0)
                return 2;
            destination[2] = TrailBeforeFirst + (syllable % TrailCount);
            return 3;
        }

        var place = Array.BinarySearch(_codes, code);
        if (place < 0)
        {
            destination[0] = code;
            return 1;
        }

        var (start, length) = _places[place];
        _pool.AsSpan(start, length).CopyTo(destination);
        return length;
    }

    /// <summary>The canonical combining class of a code point.</summary>
    internal byte CombiningClass(int code)
    {
        var (low, high) = (0, _classes.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (code < _classes[middle].First)
                high = middle - 1;
            else if (code > _classes[middle].Last)
                low = middle + 1;
            else
                return _classes[middle].Class;
        }

        return 0;
    }

    private static int FromHex(ReadOnlySpan<char> hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
