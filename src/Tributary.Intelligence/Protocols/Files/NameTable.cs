using System.Collections.Immutable;
using System.Text;

namespace Tributary.Intelligence.Protocols.Files;

/// <summary>Numbers names as they appear in a file, and then by their order.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);

    /// <summary>The number of a name, by first appearance.</summary>
    public int CodeOf(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name);
        if (_codes.TryGetValue(text, out var code))
            return code;
        _codes.Add(text, _codes.Count);
        return _codes.Count - 1;
    }

    /// <summary>The names in ordinal order.</summary>
    /// <param name="places">For each number by first appearance its place in that order.</param>
    public ImmutableArray<string> Sorted(out int[] places)
    {
        var sorted = _codes.Keys.Order(StringComparer.Ordinal).ToImmutableArray();
        places = new int[sorted.Length];
        for (var place = 0; place < sorted.Length; place++)
            places[_codes[sorted[place]]] = place;
        return sorted;
    }
}
