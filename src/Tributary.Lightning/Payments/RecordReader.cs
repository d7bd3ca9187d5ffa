using System.Text;
using System.Text.Unicode;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>Reads what <see cref="RecordFields"/> writes. The first field that cannot be read makes the whole bad; everything after it is a default.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private SpanReader _reader = new(bytes);

    /// <summary>A field could not be read.</summary>
    internal bool IsBad { get; private set; }

    /// <summary>Everything was read, and nothing is left.</summary>
    internal readonly bool IsDone => !IsBad && _reader.IsAtEnd;

    internal byte Byte() => Check(_reader.TryReadByte(out var value)) ? value : default;

    internal ushort UInt16() => Check(_reader.TryReadUInt16BigEndian(out var value)) ? value : default;

    internal uint UInt32() => Check(_reader.TryReadUInt32BigEndian(out var value)) ? value : default;

    internal ulong UInt64() => Check(_reader.TryReadUInt64BigEndian(out var value)) ? value : default;

    internal long Time() => Check(_reader.TryReadUInt64BigEndian(out var value) && value <= long.MaxValue) ? (long)value : default;

    internal MilliSatoshis Amount() => new(Time());

    internal bool Flag() => Check(_reader.TryReadByte(out var value) && value <= 1) && value == 1;

    internal Bytes32 Bytes32() => Check(_reader.TryReadBytes32(out var value)) ? value : default;

    internal Bytes32? OptionalBytes32() => Flag() ? Bytes32() : null;

    internal MilliSatoshis? OptionalAmount() => Flag() ? Amount() : null;

    internal ReadOnlyMemory<byte>? OptionalBlob() => Flag() ? (ReadOnlyMemory<byte>?)Blob() : null;

    internal byte[] Blob()
    {
        var length = UInt32();
        ReadOnlySpan<byte> value = default;
        return Check(length <= int.MaxValue && _reader.TryReadBytes((int)length, out value)) ? value.ToArray() : [];
    }

    internal string Text()
    {
        var text = Blob();
        return Check(Utf8.IsValid(text)) ? Encoding.UTF8.GetString(text) : "";
    }

    internal NodeId NodeId() => Check(_reader.TryReadBytes(Wire.NodeId.Length, out var value)) ? new NodeId(value) : default;

    internal ShortChannelId ShortChannelId() => new(UInt64());

    internal ChannelId ChannelId() => new(Bytes32());

    internal HtlcKey Key() => new(ChannelId(), UInt64());

    /// <summary>A count of elements that each take at least this many bytes.</summary>
    internal int Count(int leastBytes)
    {
        var count = UInt16();
        return Check(count * leastBytes <= _reader.Remaining) ? count : 0;
    }

    internal TlvStream Records() => TlvStream.Read(Blob()).TryGet(out var stream) ? stream : Bad(TlvStream.Empty);

    internal IReadOnlyList<IReadOnlyList<RouteHintHop>> Hints()
    {
        var hints = new IReadOnlyList<RouteHintHop>[Count(2)];
        for (var i = 0; i < hints.Length; i++)
        {
            var hops = new RouteHintHop[Count(51)];
            for (var j = 0; j < hops.Length; j++)
            {
                var node = NodeId();
                if (!Check(node.TryGetKey(out var key)))
                    return [];
                hops[j] = new RouteHintHop(key, ShortChannelId(), UInt32(), UInt32(), UInt16());
            }

            hints[i] = hops;
        }

        return hints;
    }

    internal T Bad<T>(T value)
    {
        IsBad = true;
        return value;
    }

    private bool Check(bool good)
    {
        IsBad |= !good;
        return !IsBad;
    }
}
