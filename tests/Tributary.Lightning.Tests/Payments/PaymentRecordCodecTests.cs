using Tributary.Lightning.Invoices;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Payments;

public sealed class PaymentRecordCodecTests
{
    private static readonly Bytes32 s_hash = new(Enumerable.Repeat((byte)3, 32).ToArray());

    private static readonly PaymentRecord[] s_records = [.. Records()];

    [Fact]
    public void Records_come_back_as_they_were_written()
    {
        foreach (var record in s_records)
        {
            var bytes = PaymentRecordCodec.Write(record);
            Assert.Equal(bytes, PaymentRecordCodec.Write(PaymentRecordCodec.Read(bytes).Value));
        }

        var order = ((PaymentRecord.Started)PaymentRecordCodec.Read(PaymentRecordCodec.Write(s_records[0])).Value).Order;
        var written = ((PaymentRecord.Started)s_records[0]).Order;
        Assert.Equal((written.Amount, written.FeeMax, written.Deadline, written.InvoiceText), (order.Amount, order.FeeMax, order.Deadline, order.InvoiceText));
        Assert.Equal(written.Hints[0], order.Hints[0]);
        Assert.Equal(s_records[3], PaymentRecordCodec.Read(PaymentRecordCodec.Write(s_records[3])).Value);
    }

    [Fact]
    public void A_kind_or_version_that_is_not_known_is_refused_and_so_is_a_record_that_is_cut_or_too_long()
    {
        foreach (var record in s_records)
        {
            var bytes = PaymentRecordCodec.Write(record);
            Assert.False(PaymentRecordCodec.Read([(byte)(bytes[0] + 100), .. bytes[1..]]).IsOk);
            Assert.False(PaymentRecordCodec.Read([bytes[0], 2, .. bytes[2..]]).IsOk);
            Assert.False(PaymentRecordCodec.Read(bytes.AsSpan(0, bytes.Length - 1)).IsOk);
            Assert.False(PaymentRecordCodec.Read([.. bytes, 0]).IsOk);
        }
    }

    [Fact]
    public void Any_bytes_are_a_record_or_refused() =>
        Fuzz.Run(
            [.. s_records.Select(PaymentRecordCodec.Write)],
            static input =>
            {
                if (PaymentRecordCodec.Read(input).TryGet(out var record))
                    Assert.True(input.Length == PaymentRecordCodec.Write(record).Length);
            },
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 16384));

    private static IEnumerable<PaymentRecord> Records()
    {
        var node = PaymentWorld.Id(3);
        var channel = new DirectedChannel(new ShortChannelId(77), 1);
        yield return new PaymentRecord.Started(new PaymentWorld().Order(4) with
        {
            Metadata = new byte[] { 1, 2 },
            CustomRecords = TlvStream.Of(new TlvRecord(70001, new byte[3])),
            Hints = [[new RouteHintHop(PaymentWorld.Key(4).PublicKey, new ShortChannelId(5), 1, 2, 3)]],
            InvoiceExpiresAt = 99,
            InvoiceText = "lnbc1",
        });
        yield return new PaymentRecord.AttemptStarted(
            s_hash, 1, new Route(PaymentWorld.ChannelIdOf(1), [new RouteHop(node, default, new MilliSatoshis(5), 9), new RouteHop(node, new ShortChannelId(3), new MilliSatoshis(4), 8)], 77), 6, s_hash, 55);
        yield return new PaymentRecord.AttemptFailed(
            s_hash,
            1,
            -2,
            FailureCode.TemporaryChannelFailure,
            [
                new PaymentLesson.AvoidNode(node), new PaymentLesson.Limit(channel, new MilliSatoshis(6)), new PaymentLesson.AvoidFirstChannel(PaymentWorld.ChannelIdOf(2)),
                new PaymentLesson.Policy(channel, SampleGraphs.Policy() with { IsDisabled = true, Timestamp = 8 }),
            ]);
        yield return new PaymentRecord.AttemptOffered(s_hash, 1, new HtlcKey(PaymentWorld.ChannelIdOf(1), 12));
        yield return new PaymentRecord.AttemptFulfilled(s_hash, 1, s_hash, 12);
        yield return new PaymentRecord.Failed(s_hash, PaymentFailure.NoRoute, "no way", 12);
        yield return new PaymentRecord.Abandoned(s_hash);
        yield return new PaymentRecord.Archived(s_hash);
    }
}
