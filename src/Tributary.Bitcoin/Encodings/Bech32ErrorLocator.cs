using System.Collections.Frozen;

namespace Tributary.Bitcoin.Encodings;

/// <summary>
/// Finds up to two wrong values from what they leave in the checksum. The code is linear: a wrong value leaves the same remainder
/// wherever the others are right, and the code's distance of five makes every pair of them unique within 89 values (BIP 173).
/// </summary>
internal static class Bech32ErrorLocator
{
    private const int ValuesMax = 89;

    // Remainder of an error of each size at each distance from the end.
    private static readonly Lazy<FrozenDictionary<uint, int>> DistanceByRemainder = new(BuildTable);

    /// <summary>Positions, ascending, of the one or two values that explain a remainder; none when no such pair does.</summary>
    internal static int[] Locate(uint remainder, int values)
    {
        var table = DistanceByRemainder.Value;
        if (table.TryGetValue(remainder, out var single))
            return single < values ? [values - 1 - single] : [];

        foreach (var (first, distance) in table)
        {
            if (distance < values && table.TryGetValue(remainder ^ first, out var other) && other < values && other != distance)
                return [values - 1 - Math.Max(distance, other), values - 1 - Math.Min(distance, other)];
        }

        return [];
    }

    private static FrozenDictionary<uint, int> BuildTable()
    {
        var table = new Dictionary<uint, int>(ValuesMax * 31);
        for (byte error = 1; error < 32; error++)
        {
            uint remainder = error;
            for (var distance = 0; distance < ValuesMax; distance++)
            {
                table.Add(remainder, distance);
                remainder = Bech32.Step(remainder, 0);
            }
        }

        return table.ToFrozenDictionary();
    }
}
