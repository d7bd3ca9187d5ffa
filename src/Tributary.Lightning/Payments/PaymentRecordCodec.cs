using Tributary.Lightning.Gossip;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Payments;

/// <summary>
/// Records of outgoing payments as bytes: a kind, a version, fields. A kind or version that is not known is refused: it is never skipped, since
/// it may say that something was paid.
/// </summary>
public static class PaymentRecordCodec
{
    private const byte Version = 1;
    private const int HopBytes = NodeId.Length + 8 + 8 + 4;

    private enum Kind : byte
    {
        Started = 1,
        AttemptStarted = 2,
        AttemptOffered = 3,
        AttemptFailed = 4,
        AttemptFulfilled = 5,
        Failed = 6,
        Abandoned = 7,
        Archived = 8,
    }

    private enum LessonKind : byte
    {
        AvoidNode = 1,
        Limit = 2,
        AvoidFirstChannel = 3,
        Policy = 4,
    }

    public static byte[] Write(PaymentRecord record)
    {
        var writer = new ByteWriter();
        var kind = record switch
        {
            PaymentRecord.Started => Kind.Started,
            PaymentRecord.AttemptStarted => Kind.AttemptStarted,
            PaymentRecord.AttemptOffered => Kind.AttemptOffered,
            PaymentRecord.AttemptFailed => Kind.AttemptFailed,
            PaymentRecord.AttemptFulfilled => Kind.AttemptFulfilled,
            PaymentRecord.Failed => Kind.Failed,
            PaymentRecord.Abandoned => Kind.Abandoned,
            PaymentRecord.Archived => Kind.Archived,
            _ => throw new ArgumentOutOfRangeException(nameof(record)),
        };
        writer.WriteByte((byte)kind);
        writer.WriteByte(Version);
        writer.WriteBytes32(record.PaymentHash);
        switch (record)
        {
            case PaymentRecord.Started started:
                WriteOrder(writer, started.Order);
                break;
            case PaymentRecord.AttemptStarted started:
                writer.WriteUInt16BigEndian(started.Attempt);
                WriteRoute(writer, started.Route);
                writer.WriteUInt32BigEndian(started.Height);
                writer.WriteBytes32(started.SessionKey);
                writer.WriteTime(started.StartedAt);
                break;
            case PaymentRecord.AttemptOffered offered:
                writer.WriteUInt16BigEndian(offered.Attempt);
                writer.WriteKey(offered.Htlc);
                break;
            case PaymentRecord.AttemptFailed failed:
                writer.WriteUInt16BigEndian(failed.Attempt);
                writer.WriteByte((byte)failed.Hop);
                writer.WriteUInt16BigEndian((ushort)failed.Code);
                writer.WriteUInt16BigEndian(checked((ushort)failed.Lessons.Count));
                foreach (var lesson in failed.Lessons)
                    WriteLesson(writer, lesson);
                break;
            case PaymentRecord.AttemptFulfilled fulfilled:
                writer.WriteUInt16BigEndian(fulfilled.Attempt);
                writer.WriteBytes32(fulfilled.Preimage);
                writer.WriteTime(fulfilled.At);
                break;
            case PaymentRecord.Failed failed:
                writer.WriteByte((byte)failed.Reason);
                writer.WriteText(failed.Text);
                writer.WriteTime(failed.At);
                break;
        }

        return writer.ToArray();
    }

    public static Result<PaymentRecord, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        var (kind, version, hash) = ((Kind)reader.Byte(), reader.Byte(), reader.Bytes32());
        if (reader.IsBad || version != Version)
            return new Refusal("payment_record", $"has version {version} where {Version} is known, or is cut short");
        PaymentRecord? record = kind switch
        {
            Kind.Started => new PaymentRecord.Started(ReadOrder(ref reader, hash)),
            Kind.AttemptStarted => ReadAttempt(ref reader, hash),
            Kind.AttemptOffered => new PaymentRecord.AttemptOffered(hash, reader.UInt16(), reader.Key()),
            Kind.AttemptFailed => new PaymentRecord.AttemptFailed(hash, reader.UInt16(), (sbyte)reader.Byte(), (FailureCode)reader.UInt16(), ReadLessons(ref reader)),
            Kind.AttemptFulfilled => new PaymentRecord.AttemptFulfilled(hash, reader.UInt16(), reader.Bytes32(), reader.Time()),
            Kind.Failed => new PaymentRecord.Failed(hash, (PaymentFailure)reader.Byte(), reader.Text(), reader.Time()),
            Kind.Abandoned => new PaymentRecord.Abandoned(hash),
            Kind.Archived => new PaymentRecord.Archived(hash),
            _ => null,
        };
        if (record is null)
            return new Refusal("payment_record", $"is of kind {(byte)kind}, which is not known");
        return reader.IsDone ? record : new Refusal("payment_record", $"of kind {kind} is cut short or has fields that are not known");
    }

    private static void WriteOrder(ByteWriter writer, PaymentOrder order)
    {
        writer.WriteBytes(order.Payee.Span);
        writer.WriteAmount(order.Amount);
        writer.WriteAmount(order.FeeMax);
        writer.WriteTime(order.StartedAt);
        writer.WriteTime(order.Deadline);
        writer.WriteUInt32BigEndian(order.FinalCltvDelta);
        writer.WriteOptional(order.PaymentSecret);
        writer.WriteOptional(order.KeysendPreimage);
        writer.WriteOptionalBlob(order.Metadata);
        writer.WriteBlob(order.CustomRecords.ToArray());
        writer.WriteHints(order.Hints);
        writer.WriteFlag(order.InvoiceExpiresAt is not null);
        if (order.InvoiceExpiresAt is { } expiresAt)
            writer.WriteTime(expiresAt);
        writer.WriteText(order.InvoiceText);
        writer.WriteUInt16BigEndian(order.AttemptsMax);
        writer.WriteUInt32BigEndian(order.CltvMax);
        writer.WriteUInt32BigEndian(order.ShadowCltvMax);
    }

    private static PaymentOrder ReadOrder(ref RecordReader reader, Bytes32 hash) => new()
    {
        PaymentHash = hash,
        Payee = reader.NodeId(),
        Amount = reader.Amount(),
        FeeMax = reader.Amount(),
        StartedAt = reader.Time(),
        Deadline = reader.Time(),
        FinalCltvDelta = reader.UInt32(),
        PaymentSecret = reader.OptionalBytes32(),
        KeysendPreimage = reader.OptionalBytes32(),
        Metadata = reader.OptionalBlob(),
        CustomRecords = reader.Records(),
        Hints = reader.Hints(),
        InvoiceExpiresAt = reader.Flag() ? reader.Time() : null,
        InvoiceText = reader.Text(),
        AttemptsMax = reader.UInt16(),
        CltvMax = reader.UInt32(),
        ShadowCltvMax = reader.UInt32(),
    };

    private static void WriteRoute(ByteWriter writer, Route route)
    {
        writer.WriteBytes32(route.FirstChannel.Value);
        writer.WriteUInt64BigEndian((ulong)route.Cost);
        writer.WriteUInt16BigEndian(checked((ushort)route.Hops.Count));
        foreach (var hop in route.Hops)
        {
            writer.WriteBytes(hop.Node.Span);
            hop.Channel.WriteTo(writer);
            writer.WriteAmount(hop.Amount);
            writer.WriteUInt32BigEndian(hop.CltvDelta);
        }
    }

    private static PaymentRecord.AttemptStarted ReadAttempt(ref RecordReader reader, Bytes32 hash)
    {
        var attempt = reader.UInt16();
        var (channel, cost) = (reader.ChannelId(), reader.Time());
        var hops = new RouteHop[reader.Count(HopBytes)];
        for (var i = 0; i < hops.Length; i++)
            hops[i] = new RouteHop(reader.NodeId(), reader.ShortChannelId(), reader.Amount(), reader.UInt32());
        if (hops.Length == 0)
            reader.Bad(0);
        return new PaymentRecord.AttemptStarted(hash, attempt, new Route(channel, hops, cost), reader.UInt32(), reader.Bytes32(), reader.Time());
    }

    private static void WriteLesson(ByteWriter writer, PaymentLesson lesson)
    {
        switch (lesson)
        {
            case PaymentLesson.AvoidNode avoid:
                writer.WriteByte((byte)LessonKind.AvoidNode);
                writer.WriteBytes(avoid.Node.Span);
                break;
            case PaymentLesson.Limit limit:
                writer.WriteByte((byte)LessonKind.Limit);
                WriteChannel(writer, limit.Channel);
                writer.WriteAmount(limit.Below);
                break;
            case PaymentLesson.AvoidFirstChannel avoid:
                writer.WriteByte((byte)LessonKind.AvoidFirstChannel);
                writer.WriteBytes32(avoid.Channel.Value);
                break;
            case PaymentLesson.Policy policy:
                writer.WriteByte((byte)LessonKind.Policy);
                WriteChannel(writer, policy.Channel);
                writer.WriteUInt32BigEndian(policy.Asked.FeeBaseMilliSatoshis);
                writer.WriteUInt32BigEndian(policy.Asked.FeeProportionalMillionths);
                writer.WriteUInt16BigEndian(policy.Asked.CltvExpiryDelta);
                writer.WriteAmount(policy.Asked.HtlcMinimum);
                writer.WriteAmount(policy.Asked.HtlcMaximum);
                writer.WriteFlag(policy.Asked.IsDisabled);
                writer.WriteUInt32BigEndian(policy.Asked.Timestamp);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(lesson));
        }
    }

    private static PaymentLesson[] ReadLessons(ref RecordReader reader)
    {
        var lessons = new PaymentLesson[reader.Count(1 + 8)];
        for (var i = 0; i < lessons.Length; i++)
        {
            lessons[i] = (LessonKind)reader.Byte() switch
            {
                LessonKind.AvoidNode => new PaymentLesson.AvoidNode(reader.NodeId()),
                LessonKind.Limit => new PaymentLesson.Limit(ReadChannel(ref reader), reader.Amount()),
                LessonKind.AvoidFirstChannel => new PaymentLesson.AvoidFirstChannel(reader.ChannelId()),
                LessonKind.Policy => new PaymentLesson.Policy(ReadChannel(ref reader), ReadPolicy(ref reader)),
                _ => reader.Bad(new PaymentLesson.AvoidNode(default)),
            };
        }

        return lessons;
    }

    private static ForwardingPolicy ReadPolicy(ref RecordReader reader) => new(
        reader.UInt32(), reader.UInt32(), reader.UInt16(), reader.Amount(), reader.Amount(), reader.Flag(), reader.UInt32());

    private static void WriteChannel(ByteWriter writer, DirectedChannel channel)
    {
        channel.Id.WriteTo(writer);
        writer.WriteByte((byte)channel.Direction);
    }

    private static DirectedChannel ReadChannel(ref RecordReader reader) => new(reader.ShortChannelId(), reader.Byte() & 1);
}
