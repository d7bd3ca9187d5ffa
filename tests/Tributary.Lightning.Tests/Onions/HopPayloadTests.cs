using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Onions;

public sealed class HopPayloadTests
{
    private static readonly Bytes32 s_secret = new(Enumerable.Repeat((byte)9, 32).ToArray());

    [Fact]
    public void The_payloads_of_BOLT_4s_vector_are_read_and_written()
    {
        var forward = HopPayload.Read(OnionVectorTests.WithoutLength("1202023a98040205dc06080000000000000001").Span).Value;
        Assert.Equal(HopPayload.Forwarding(new MilliSatoshis(15000), 1500, new ShortChannelId(1)), forward);
        Assert.Equal("02023a98040205dc06080000000000000001", Convert.ToHexStringLower(forward.ToArray()));
    }

    [Fact]
    public void A_receivers_payload_round_trips() =>
        Check.QuickThrowOnFailure(Prop.ForAll((uint amount, uint expiry, uint total) =>
        {
            var final = HopPayload.Final(new MilliSatoshis(amount), expiry, s_secret, new MilliSatoshis(total));
            Assert.Equal(final, HopPayload.Read(final.ToArray()).Value);
            var keysend = HopPayload.Keysend(new MilliSatoshis(amount), expiry, s_secret);
            Assert.Equal(keysend, HopPayload.Read(keysend.ToArray()).Value);
        }));

    [Fact]
    public void Keysend_stands_under_its_own_record() => Assert.EndsWith(
        $"ff0000000146c6616c20{s_secret}",
        Convert.ToHexStringLower(HopPayload.Keysend(new MilliSatoshis(1), 2, s_secret).ToArray()),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("0201ff1400", 20ul, 3)]
    [InlineData("02020001", 2ul, 0)]
    [InlineData("0209010000000000000000", 2ul, 0)]
    [InlineData("02081d24b2dfac520001", 2ul, 0)]
    [InlineData("04050100000000", 4ul, 0)]
    [InlineData("0201ff060701010101010101", 6ul, 3)]
    [InlineData("080101", 8ul, 0)]
    [InlineData("0c0101", 12ul, 0)]
    [InlineData("0400020101", 0ul, 0)]
    public void A_record_that_is_wrong_is_named_with_its_place(string hex, ulong type, ushort offset)
    {
        var fault = HopPayload.Read(TestKeys.Bytes(hex)).Error;
        Assert.Equal((type, offset), (fault.TlvType, fault.Offset));
    }

    [Fact]
    public void Custom_records_are_kept()
    {
        var payload = HopPayload.Keysend(new MilliSatoshis(1), 2, s_secret) with { UnknownTlvs = TlvStream.Of(new TlvRecord(696969, new byte[] { 1 })) };
        var read = HopPayload.Read(payload.ToArray()).Value;
        Assert.True(read.UnknownTlvs.TryFind(696969, out var value) && value.Length == 1);
    }

    [Fact]
    public void Any_bytes_are_a_payload_or_refused() =>
        Fuzz.Run(
            [HopPayload.Final(new MilliSatoshis(1000), 500, s_secret, new MilliSatoshis(3000)).ToArray(), HopPayload.Keysend(new MilliSatoshis(5), 6, s_secret).ToArray()],
            static input =>
            {
                if (HopPayload.Read(input).TryGet(out var payload))
                    Assert.True(input.SequenceEqual(payload.ToArray()));
            },
            limits: new FuzzLimits(BytesPerInputByte: 512, Bytes: 16384));
}
