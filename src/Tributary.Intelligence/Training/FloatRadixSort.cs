using System.Runtime.CompilerServices;
namespace Tributary.Intelligence.Training;

/// <summary>Sorts finite floats: least-significant-digit radix sort of their bits, mapped so that their order is that of unsigned integers.</summary>
internal static class FloatRadixSort
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;

    /// <summary>Sorts the values upward; <paramref name="scratch"/> is as long and is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sort(Span<uint> keys, Span<uint> scratch)
    {
        Span<int> starts = stackalloc int[3 * Digits];
        starts.Clear();
        foreach (var key in keys)
        {
            starts[(int)(key & (Digits - 1))]++;
            starts[Digits + (int)((key >> DigitBits) & (Digits - 1))]++;
            starts[(2 * Digits) + (int)(key >> (2 * DigitBits))]++;
        }

        for (var pass = 0; pass < 3; pass++)
        {
            var counts = starts.Slice(pass * Digits, Digits);
            var start = 0;
            foreach (ref var count in counts)
                (count, start) = (start, start + count);

            var shift = pass * DigitBits;
            foreach (var key in keys)
                scratch[counts[(int)((key >> shift) & (Digits - 1))]++] = key;

            var swap = keys;
            keys = scratch;
            scratch = swap;
        }

        // Three passes leave the sorted keys in the caller's scratch.
        keys.CopyTo(scratch);
    }

    /// <summary>The float's place among floats, as an unsigned integer; −0 and +0 share one.</summary>
    public static uint ToKey(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value == 0 ? 0f : value);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }

    /// <summary>The float of a key.</summary>
    public static float FromKey(uint key) => BitConverter.UInt32BitsToSingle((key & 0x8000_0000) != 0 ? key & 0x7FFF_FFFF : ~key);
}
