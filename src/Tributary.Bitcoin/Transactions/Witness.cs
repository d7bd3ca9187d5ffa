using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Transactions;

/// <summary>
/// An input's witness stack (BIP 141), bottom first, kept in its serialized form: a count and that many length-prefixed items.
/// Reading item <c>i</c> walks the items before it.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Witness is the field's word; it is a stack of items.")]
public readonly struct Witness : IEquatable<Witness>, IReadOnlyList<ReadOnlyMemory<byte>>
{
    private readonly ReadOnlyMemory<byte> _serialized;

    /// <param name="serialized">Well-formed: count and items, nothing after.</param>
    internal Witness(ReadOnlyMemory<byte> serialized) => _serialized = serialized;

    /// <summary>A witness of these items.</summary>
    public static Witness Of(params ReadOnlySpan<byte[]> items)
    {
        if (items.IsEmpty)
            return default;

        var writer = new ByteWriter();
        writer.WriteCompactSize((ulong)items.Length);
        foreach (var item in items)
            writer.WriteCompactSizeBytes(item);
        return new Witness(writer.ToArray());
    }

    /// <summary>No items.</summary>
    public static Witness Empty => default;

    /// <summary>Items on the stack.</summary>
    public int Count
    {
        get
        {
            if (_serialized.IsEmpty)
                return 0;
            var reader = new SpanReader(_serialized.Span);
            return reader.TryReadCompactSize(out var count) ? (int)count : 0;
        }
    }

    public bool IsEmpty => Count == 0;

    /// <summary>The serialized size in bytes: at least one, for the count.</summary>
    public int SerializedSize => Math.Max(1, _serialized.Length);

    /// <summary>The item at a place, bottom first.</summary>
    public ReadOnlyMemory<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            foreach (var item in this)
            {
                if (index-- == 0)
                    return item;
            }

            throw new ArgumentOutOfRangeException(nameof(index), "The witness has fewer items.");
        }
    }

    /// <summary>Copies of the items, bottom first.</summary>
    public byte[][] ToArrays() => [.. this.Select(static item => item.ToArray())];

    public void WriteTo(ByteWriter writer)
    {
        if (_serialized.IsEmpty)
            writer.WriteByte(0);
        else
            writer.WriteBytes(_serialized.Span);
    }

    public Enumerator GetEnumerator() => new(_serialized);

    IEnumerator<ReadOnlyMemory<byte>> IEnumerable<ReadOnlyMemory<byte>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(Witness other) => (IsEmpty && other.IsEmpty) || _serialized.Span.SequenceEqual(other._serialized.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Witness other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        if (!IsEmpty)
            hash.AddBytes(_serialized.Span);
        return hash.ToHashCode();
    }

    public static bool operator ==(Witness left, Witness right) => left.Equals(right);

    public static bool operator !=(Witness left, Witness right) => !left.Equals(right);

    /// <summary>Walks the items, bottom first, without allocating.</summary>
    public struct Enumerator : IEnumerator<ReadOnlyMemory<byte>>
    {
        private readonly ReadOnlyMemory<byte> _serialized;
        private int _position;
        private int _left;

        internal Enumerator(ReadOnlyMemory<byte> serialized)
        {
            _serialized = serialized;
            Reset();
        }

        public ReadOnlyMemory<byte> Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_left == 0)
                return false;

            var reader = new SpanReader(_serialized.Span[_position..]);
            if (!reader.TryReadCompactSizeBytes(out var item))
                throw new InvalidOperationException("The witness was checked when it was parsed.");
            Current = _serialized.Slice(_position + reader.Position - item.Length, item.Length);
            _position += reader.Position;
            _left--;
            return true;
        }

        public void Reset()
        {
            var reader = new SpanReader(_serialized.Span);
            _left = reader.TryReadCompactSize(out var count) ? (int)count : 0;
            _position = reader.Position;
            Current = default;
        }

        public readonly void Dispose()
        {
        }
    }
}
