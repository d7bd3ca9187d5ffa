namespace Tributary.Intelligence.Policy.Binding;

/// <summary>Finds what was probably meant by a name that does not exist.</summary>
internal static class Suggestion
{
    private const int MaxLength = 64;

    /// <summary>" Did you mean X?" for the nearest name within a third of its length, else an empty text.</summary>
    public static string For(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxLength)
            return "";
        var (best, bestDistance) = ("", int.MaxValue);
        foreach (var candidate in known)
        {
            if (candidate.Length > MaxLength)
                continue;
            var distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < bestDistance || (distance == bestDistance && string.CompareOrdinal(candidate, best) < 0))
                (best, bestDistance) = (candidate, distance);
        }

        return bestDistance <= (name.Length < 4 ? 1 : Math.Max(2, name.Length / 3)) ? $" Did you mean {best}?" : "";
    }

    // Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[MaxLength + 1];
        Span<int> last = stackalloc int[MaxLength + 1];
        Span<int> current = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(last[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
            }

            var spare = beforeLast;
            beforeLast = last;
            last = current;
            current = spare;
        }

        return last[b.Length];
    }
}
