using Tributary.Intelligence.Privacy;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Features;

/// <summary>
/// A call of a store as a record of a log: replaying the records after a snapshot brings the store back. Holds pseudonyms only. Little endian: version
/// and type (one byte each), id, time, amount (8 bytes each), category plus one (4), place (8), a byte with a bit for each kind that takes part, their
/// pseudonyms (16 each); an outcome ends with one byte more.
/// </summary>
/// <param name="Payment">The payment, with the time under which it is kept.</param>
/// <param name="Outcome">What became of it; null for the payment itself.</param>
public readonly record struct FeatureLogRecord(PaymentEvent Payment, Outcome? Outcome)
{
    private const byte Version = 1;
    private const byte PaymentType = 1;
    private const byte OutcomeType = 2;

    /// <summary>Adds the record to a buffer.</summary>
    public void WriteTo(ByteWriter writer)
    {
        writer.WriteByte(Version);
        writer.WriteByte(Outcome is null ? PaymentType : OutcomeType);
        writer.WriteUInt64LittleEndian(Payment.Id);
        writer.WriteInt64LittleEndian(Payment.TimeMs);
        writer.WriteInt64LittleEndian(Payment.AmountMinor);
        writer.WriteInt32LittleEndian(Payment.Category + 1);
        writer.WriteInt64LittleEndian(Payment.Place.Pack());
        var present = 0;
        for (var kind = 0; kind < EntityKeys.Count; kind++)
            present |= Payment.Entities[kind].IsNone ? 0 : 1 << kind;
        writer.WriteByte((byte)present);
        Span<byte> pseudonym = stackalloc byte[Pseudonym.Length];
        for (var kind = 0; kind < EntityKeys.Count; kind++)
        {
            if (Payment.Entities[kind].IsNone)
                continue;
            Payment.Entities[kind].WriteTo(pseudonym);
            writer.WriteBytes(pseudonym);
        }

        if (Outcome is { } outcome)
            writer.WriteByte((byte)outcome);
    }

    /// <summary>Reads a record; false, and the position unchanged, when the bytes are not one.</summary>
    public static bool TryRead(ref SpanReader reader, out FeatureLogRecord record)
    {
        var attempt = reader;
        record = default;
        if (!attempt.TryReadByte(out var version) || version != Version
            || !attempt.TryReadByte(out var type) || type is not (PaymentType or OutcomeType)
            || !TryReadPayment(ref attempt, out var payment))
        {
            return false;
        }

        Outcome? outcome = null;
        if (type == OutcomeType)
        {
            if (!attempt.TryReadByte(out var code) || code > (byte)Features.Outcome.Fraud)
                return false;
            outcome = (Outcome)code;
        }

        record = new FeatureLogRecord(payment, outcome);
        reader = attempt;
        return true;
    }

    private static bool TryReadPayment(ref SpanReader reader, out PaymentEvent payment)
    {
        payment = default;
        if (!reader.TryReadUInt64LittleEndian(out var id)
            || !reader.TryReadInt64LittleEndian(out var timeMs)
            || !reader.TryReadInt64LittleEndian(out var amount)
            || !reader.TryReadInt32LittleEndian(out var categoryPlusOne)
            || !reader.TryReadInt64LittleEndian(out var packed)
            || !GeoPoint.TryUnpack(packed, out var place)
            || !reader.TryReadByte(out var present)
            || present >> EntityKeys.Count != 0
            || categoryPlusOne is < 0 or > ushort.MaxValue + 1)
        {
            return false;
        }

        var entities = default(EntityKeys);
        for (var kind = 0; kind < EntityKeys.Count; kind++)
        {
            if ((present & (1 << kind)) == 0)
                continue;
            if (!reader.TryReadBytes(Pseudonym.Length, out var bytes) || Pseudonym.FromBytes(bytes).IsNone)
                return false;
            entities[kind] = Pseudonym.FromBytes(bytes);
        }

        payment = new PaymentEvent
        {
            Id = id,
            TimeMs = timeMs,
            AmountMinor = amount,
            Category = categoryPlusOne - 1,
            Place = place,
            Entities = entities,
        };
        return payment.Check() is null;
    }
}
