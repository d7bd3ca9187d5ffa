using Tributary.Lightning.Messages;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Tests.Messages;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Onions;

public sealed class FailureMessageTests
{
    [Theory]
    [InlineData(FailureCode.TemporaryNodeFailure, "2002")]
    [InlineData(FailureCode.PermanentNodeFailure, "6002")]
    [InlineData(FailureCode.RequiredNodeFeatureMissing, "6003")]
    [InlineData(FailureCode.PermanentChannelFailure, "4008")]
    [InlineData(FailureCode.RequiredChannelFeatureMissing, "4009")]
    [InlineData(FailureCode.UnknownNextPeer, "400a")]
    [InlineData(FailureCode.ExpiryTooFar, "0015")]
    [InlineData(FailureCode.MultiPartTimeout, "0017")]
    public void Codes_that_say_all_are_two_bytes(FailureCode code, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(RoundTrip(FailureMessage.Of(code)).ToArray()));

    [Fact]
    public void Data_is_written_in_the_order_of_BOLT_4_and_read_back()
    {
        var details = RoundTrip(FailureMessage.OfPaymentDetails(new MilliSatoshis(0x0102), 0x0a0b0c));
        Assert.Equal("400f0000000000000102000a0b0c", Convert.ToHexStringLower(details.ToArray()));
        Assert.True(details.TryGetPaymentDetails(out var amount, out var height));
        Assert.Equal((new MilliSatoshis(0x0102), 0x0a0b0cu), (amount, height));

        var payload = RoundTrip(FailureMessage.OfPayload(300, 7));
        Assert.Equal("4016fd012c0007", Convert.ToHexStringLower(payload.ToArray()));
        Assert.True(payload.TryGetPayloadFault(out var type, out var offset));
        Assert.Equal((300ul, (ushort)7), (type, offset));

        Assert.Equal("001200000101", Convert.ToHexStringLower(FailureMessage.OfFinalExpiry(257).ToArray()));
        Assert.Equal("00130000000000000101", Convert.ToHexStringLower(FailureMessage.OfFinalAmount(new MilliSatoshis(257)).ToArray()));

        var onion = RoundTrip(FailureMessage.OfOnion(FailureCode.InvalidOnionHmac, new Bytes32(new byte[32])));
        Assert.True(onion.IsBadOnion && onion.IsPermanent && onion.TryGetOnionHash(out _));
    }

    [Theory]
    [InlineData(FailureCode.TemporaryChannelFailure, "1007")]
    [InlineData(FailureCode.ExpiryTooSoon, "100e")]
    [InlineData(FailureCode.AmountBelowMinimum, "100b0000000000000005")]
    [InlineData(FailureCode.FeeInsufficient, "100c0000000000000005")]
    [InlineData(FailureCode.IncorrectCltvExpiry, "100d00000006")]
    [InlineData(FailureCode.ChannelDisabled, "10140000")]
    public void A_channels_failure_carries_its_update(FailureCode code, string start)
    {
        var update = (ChannelUpdate)MessageSamples.Create(MessageType.ChannelUpdate, 1);
        var failure = RoundTrip(FailureMessage.OfChannel(code, update, new MilliSatoshis(5), 6));
        Assert.StartsWith(start, Convert.ToHexStringLower(failure.ToArray()), StringComparison.Ordinal);
        Assert.True(failure.IsPolicyViolation && failure.TryGetChannelUpdate(out var read) && read.ToArray().SequenceEqual(update.ToArray()));
        Assert.False(FailureMessage.OfChannel(code, update: null).TryGetChannelUpdate(out _));
    }

    [Fact]
    public void An_update_without_its_message_type_is_understood()
    {
        var update = MessageSamples.Create(MessageType.ChannelUpdate, 2).ToArray();
        byte[] bytes = [0x10, 0x07, (byte)((update.Length - 2) >> 8), (byte)(update.Length - 2), .. update[2..]];
        Assert.True(FailureMessage.TryRead(bytes, out var failure) && failure.TryGetChannelUpdate(out var read) && read.ToArray().SequenceEqual(update));
    }

    [Fact]
    public void The_code_counts_when_the_data_is_cut()
    {
        Assert.True(FailureMessage.TryRead([0x40, 0x0f, 1, 2], out var failure));
        Assert.Equal(FailureCode.IncorrectOrUnknownPaymentDetails, failure.Code);
        Assert.False(failure.TryGetPaymentDetails(out _, out _));
        Assert.False(FailureMessage.TryRead([0x40], out _));
    }

    [Fact]
    public void A_code_without_an_update_cannot_carry_one() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FailureMessage.OfChannel(FailureCode.ExpiryTooFar, update: null));

    [Fact]
    public void Any_bytes_are_a_failure_whose_data_may_be_asked_for() =>
        Fuzz.Run(
            [
                FailureMessage.OfPaymentDetails(new MilliSatoshis(1), 2).ToArray(),
                FailureMessage.OfChannel(FailureCode.FeeInsufficient, (ChannelUpdate)MessageSamples.Create(MessageType.ChannelUpdate, 1)).ToArray(),
                FailureMessage.OfPayload(300, 7).ToArray(),
            ],
            static input =>
            {
                if (!FailureMessage.TryRead(input, out var failure))
                    return;
                Assert.True(input.SequenceEqual(failure.ToArray()));
                failure.TryGetChannelUpdate(out _);
                failure.TryGetPaymentDetails(out _, out _);
                failure.TryGetPayloadFault(out _, out _);
                failure.TryGetOnionHash(out _);
            },
            limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 16384));

    private static FailureMessage RoundTrip(FailureMessage failure)
    {
        Assert.True(FailureMessage.TryRead(failure.ToArray(), out var read));
        Assert.Equal(failure, read);
        return read;
    }
}
