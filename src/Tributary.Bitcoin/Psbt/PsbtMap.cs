using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>
/// One map of a PSBT as pairs of places in its bytes, in the order of the keys. A pair takes 16 bytes of memory and at least three of
/// the input.
/// </summary>
internal sealed class PsbtMap
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<Place> _places = [];

    private PsbtMap(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    internal int Count => _places.Count;

    internal Pair this[int index]
    {
        get
        {
            var place = _places[index];
            var key = _bytes.Slice(place.KeyStart, place.KeyLength);
            var reader = new SpanReader(key.Span);
            _ = reader.TryReadCompactSize(out var type);
            return new Pair(type, key, key[reader.Position..], _bytes.Slice(place.ValueStart, place.ValueLength));
        }
    }

    /// <summary>Reads pairs up to the separator.</summary>
    /// <param name="bytes">The whole PSBT.</param>
    /// <param name="position">Where the map begins; moved behind its separator.</param>
    /// <param name="field">The map's name in refusals.</param>
    /// <param name="map">The pairs.</param>
    /// <param name="refusal">What is wrong, where it is no map.</param>
    internal static bool TryRead(ReadOnlyMemory<byte> bytes, ref int position, string field, [NotNullWhen(true)] out PsbtMap? map, [NotNullWhen(false)] out Refusal? refusal)
    {
        map = new PsbtMap(bytes);
        var reader = new SpanReader(bytes.Span[position..]);
        while (true)
        {
            if (!reader.TryReadCompactSizeBytes(out var key))
                return Refuse(field, "ends before its separator", out refusal);
            if (key.IsEmpty)
                break;

            var keyStart = position + reader.Position - key.Length;
            var keyReader = new SpanReader(key);
            if (!keyReader.TryReadCompactSize(out _))
                return Refuse(field, "has a key whose type is not a shortest CompactSize", out refusal);
            if (!reader.TryReadCompactSizeBytes(out var value))
                return Refuse(field, "ends inside a value", out refusal);
            map._places.Add(new Place(keyStart, key.Length, position + reader.Position - value.Length, value.Length));
        }

        position += reader.Position;
        return map.TrySort(field, out refusal);
    }

    private bool TrySort(string field, [NotNullWhen(false)] out Refusal? refusal)
    {
        _places.Sort((left, right) => Key(left).SequenceCompareTo(Key(right)));
        for (var i = 1; i < _places.Count; i++)
        {
            if (Key(_places[i - 1]).SequenceEqual(Key(_places[i])))
                return Refuse(field, $"has the key {Hex.Encode(Key(_places[i])[..Math.Min(36, _places[i].KeyLength)])} twice", out refusal);
        }

        refusal = null;
        return true;
    }

    private ReadOnlySpan<byte> Key(Place place) => _bytes.Span.Slice(place.KeyStart, place.KeyLength);

    private static bool Refuse(string field, string reason, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = new Refusal(field, reason);
        return false;
    }

    /// <summary>A pair, its parts as views.</summary>
    internal readonly record struct Pair(ulong Type, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> KeyData, ReadOnlyMemory<byte> Value)
    {
        internal PsbtEntry ToEntry() => new(Key, Value);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(int KeyStart, int KeyLength, int ValueStart, int ValueLength);
}
