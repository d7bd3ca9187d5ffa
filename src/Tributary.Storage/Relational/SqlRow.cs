using System.Data.Common;

namespace Tributary.Storage.Relational;

/// <summary>The row under a reader's cursor, by position: the columns stand in the order in which the query names them.</summary>
public readonly struct SqlRow(DbDataReader reader)
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public string Text(int column) => reader.GetString(column);

    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public long Integer(int column) => reader.GetInt64(column);

    public long? IntegerOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public bool Flag(int column) => reader.GetInt64(column) != 0;

    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);

    public byte[]? BytesOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public DateTimeOffset? TimeOrNull(int column) => reader.IsDBNull(column) ? null : Time(column);
}
