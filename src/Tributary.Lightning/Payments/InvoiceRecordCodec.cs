using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Payments;

/// <summary>Records of invoices as bytes: a kind, a version, fields. A kind or version that is not known is refused, never skipped.</summary>
public static class InvoiceRecordCodec
{
    private const byte Version = 1;

    private enum Kind : byte
    {
        Created = 1,
        Accepted = 2,
        Settled = 3,
        Cancelled = 4,
        Archived = 5,
    }

    public static byte[] Write(InvoiceRecord record)
    {
        var writer = new ByteWriter();
        var kind = record switch
        {
            InvoiceRecord.Created => Kind.Created,
            InvoiceRecord.Accepted => Kind.Accepted,
            InvoiceRecord.Settled => Kind.Settled,
            InvoiceRecord.Cancelled => Kind.Cancelled,
            InvoiceRecord.Archived => Kind.Archived,
            _ => throw new ArgumentOutOfRangeException(nameof(record)),
        };
        writer.WriteByte((byte)kind);
        writer.WriteByte(Version);
        writer.WriteBytes32(record.PaymentHash);
        switch (record)
        {
            case InvoiceRecord.Created created:
                WriteSheet(writer, created.Sheet);
                break;
            case InvoiceRecord.Accepted accepted:
                writer.WriteAmount(accepted.Amount);
                writer.WriteTime(accepted.At);
                break;
            case InvoiceRecord.Settled settled:
                writer.WriteBytes32(settled.Preimage);
                writer.WriteAmount(settled.Amount);
                writer.WriteUInt16BigEndian(checked((ushort)settled.Parts.Count));
                foreach (var key in settled.Parts)
                    writer.WriteKey(key);
                writer.WriteTime(settled.At);
                break;
            case InvoiceRecord.Cancelled cancelled:
                writer.WriteText(cancelled.Reason);
                writer.WriteTime(cancelled.At);
                break;
        }

        return writer.ToArray();
    }

    public static Result<InvoiceRecord, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        var (kind, version, hash) = ((Kind)reader.Byte(), reader.Byte(), reader.Bytes32());
        if (reader.IsBad || version != Version)
            return new Refusal("invoice_record", $"has version {version} where {Version} is known, or is cut short");
        InvoiceRecord? record = kind switch
        {
            Kind.Created => new InvoiceRecord.Created(ReadSheet(ref reader, hash)),
            Kind.Accepted => new InvoiceRecord.Accepted(hash, reader.Amount(), reader.Time()),
            Kind.Settled => new InvoiceRecord.Settled(hash, reader.Bytes32(), reader.Amount(), ReadKeys(ref reader), reader.Time()),
            Kind.Cancelled => new InvoiceRecord.Cancelled(hash, reader.Text(), reader.Time()),
            Kind.Archived => new InvoiceRecord.Archived(hash),
            _ => null,
        };
        if (record is null)
            return new Refusal("invoice_record", $"is of kind {(byte)kind}, which is not known");
        return reader.IsDone ? record : new Refusal("invoice_record", $"of kind {kind} is cut short or has fields that are not known");
    }

    private static void WriteSheet(ByteWriter writer, InvoiceSheet sheet)
    {
        writer.WriteOptional(sheet.Preimage);
        writer.WriteOptional(sheet.PaymentSecret);
        writer.WriteOptionalAmount(sheet.Amount);
        writer.WriteTime(sheet.CreatedAt);
        writer.WriteTime(sheet.ExpiresAt);
        writer.WriteUInt32BigEndian(sheet.MinFinalCltvDelta);
        writer.WriteFlag(sheet.IsHold);
        writer.WriteText(sheet.Description);
        writer.WriteText(sheet.Text);
        writer.WriteBlob(sheet.CustomRecords.ToArray());
    }

    private static InvoiceSheet ReadSheet(ref RecordReader reader, Bytes32 hash) => new(
        hash,
        reader.OptionalBytes32(),
        reader.OptionalBytes32(),
        reader.OptionalAmount(),
        reader.Time(),
        reader.Time(),
        reader.UInt32(),
        reader.Flag(),
        reader.Text(),
        reader.Text(),
        reader.Records());

    private static HtlcKey[] ReadKeys(ref RecordReader reader)
    {
        var keys = new HtlcKey[reader.Count(40)];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = reader.Key();
        return keys;
    }
}
