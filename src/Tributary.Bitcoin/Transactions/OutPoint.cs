using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Transactions;

/// <summary>A transaction output, by transaction and place.</summary>
public readonly record struct OutPoint(TxId TxId, uint Index) : IComparable<OutPoint>
{
    /// <summary>Serialized size in bytes.</summary>
    public const int Size = 36;

    /// <summary>What a coinbase input names: 32 zero bytes and the largest index.</summary>
    public static OutPoint Null => new(default, uint.MaxValue);

    /// <summary>True for a coinbase input's outpoint.</summary>
    public bool IsNull => Index == uint.MaxValue && TxId.Value.IsZero;

    public void WriteTo(ByteWriter writer)
    {
        writer.WriteBytes32(TxId.Value);
        writer.WriteUInt32LittleEndian(Index);
    }

    /// <summary>Reads 36 bytes.</summary>
    public static bool TryRead(ref SpanReader reader, out OutPoint value)
    {
        if (reader.Remaining >= Size && reader.TryReadBytes32(out var id) && reader.TryReadUInt32LittleEndian(out var index))
        {
            value = new OutPoint(new TxId(id), index);
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Orders by transaction id and then index (BIP 69 orders the id as it is shown; this is the order in memory).</summary>
    public int CompareTo(OutPoint other)
    {
        var byId = TxId.CompareTo(other.TxId);
        return byId != 0 ? byId : Index.CompareTo(other.Index);
    }

    public override string ToString() => $"{TxId}:{Index}";

    public static bool operator <(OutPoint left, OutPoint right) => left.CompareTo(right) < 0;

    public static bool operator >(OutPoint left, OutPoint right) => left.CompareTo(right) > 0;

    public static bool operator <=(OutPoint left, OutPoint right) => left.CompareTo(right) <= 0;

    public static bool operator >=(OutPoint left, OutPoint right) => left.CompareTo(right) >= 0;
}
