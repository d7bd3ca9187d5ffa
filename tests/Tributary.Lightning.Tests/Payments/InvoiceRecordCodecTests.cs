using Tributary.Lightning.Payments;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Payments;

public sealed class InvoiceRecordCodecTests
{
    private static readonly Bytes32 s_hash = new(Enumerable.Repeat((byte)3, 32).ToArray());

    private static readonly InvoiceRecord[] s_records =
    [
        new InvoiceRecord.Created(new InvoiceSheet(s_hash, s_hash, s_hash, new MilliSatoshis(5), 6, 7, 8, IsHold: true, "tea", "lnbc1", TlvStream.Of(new TlvRecord(70001, new byte[2])))),
        new InvoiceRecord.Created(new InvoiceSheet(s_hash, null, null, null, 6, 7, 8, IsHold: false, "", "", TlvStream.Empty)),
        new InvoiceRecord.Accepted(s_hash, new MilliSatoshis(9), 10),
        new InvoiceRecord.Settled(s_hash, s_hash, new MilliSatoshis(9), [new HtlcKey(PaymentWorld.ChannelIdOf(1), 4), new HtlcKey(PaymentWorld.ChannelIdOf(2), 5)], 10),
        new InvoiceRecord.Cancelled(s_hash, "late", 10),
        new InvoiceRecord.Archived(s_hash),
    ];

    [Fact]
    public void Records_come_back_as_they_were_written_and_nothing_else_is_read()
    {
        foreach (var record in s_records)
        {
            var bytes = InvoiceRecordCodec.Write(record);
            Assert.Equal(bytes, InvoiceRecordCodec.Write(InvoiceRecordCodec.Read(bytes).Value));
            Assert.False(InvoiceRecordCodec.Read([(byte)(bytes[0] + 100), .. bytes[1..]]).IsOk);
            Assert.False(InvoiceRecordCodec.Read([bytes[0], 2, .. bytes[2..]]).IsOk);
            Assert.False(InvoiceRecordCodec.Read(bytes.AsSpan(0, bytes.Length - 1)).IsOk);
            Assert.False(InvoiceRecordCodec.Read([.. bytes, 0]).IsOk);
        }

        var sheet = ((InvoiceRecord.Created)InvoiceRecordCodec.Read(InvoiceRecordCodec.Write(s_records[0])).Value).Sheet;
        Assert.Equal((5L, 8u, true, "tea"), (sheet.Amount!.Value.Value, sheet.MinFinalCltvDelta, sheet.IsHold, sheet.Description));
        Assert.Equal(s_records[2], InvoiceRecordCodec.Read(InvoiceRecordCodec.Write(s_records[2])).Value);
    }

    [Fact]
    public void Any_bytes_are_a_record_or_refused() =>
        Fuzz.Run(
            [.. s_records.Select(InvoiceRecordCodec.Write)],
            static input =>
            {
                if (InvoiceRecordCodec.Read(input).TryGet(out var record))
                    Assert.True(input.SequenceEqual(InvoiceRecordCodec.Write(record)));
            },
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 16384));
}
