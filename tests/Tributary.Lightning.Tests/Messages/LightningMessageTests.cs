using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.Messages;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Messages;

public sealed class LightningMessageTests
{
    public static TheoryData<MessageType> Types => [.. Enum.GetValues<MessageType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_written_is_read(MessageType type) =>
        Check.QuickThrowOnFailure(Prop.ForAll((uint seed) =>
        {
            var bytes = MessageSamples.Create(type, seed).ToArray();
            var message = LightningMessage.Read(bytes);
            Assert.True(message.IsOk, message.ToString());
            Assert.Equal(type, message.Value.Type);
            Assert.Equal(bytes, message.Value.ToArray());
        }));

    [Theory]
    [MemberData(nameof(Types))]
    public void A_message_that_is_cut_within_its_fields_is_refused_with_the_field(MessageType type)
    {
        // The shortest sample: what is after its fields (extension, excess data) is left out.
        var shortest = Enumerable.Range(0, 200).Select(seed => MessageSamples.Create(type, (ulong)seed))
            .First(static message => message.UnknownTlvs.Count == 0 && HasNoExtension(message)).ToArray();
        Assert.True(LightningMessage.Read(shortest).IsOk);
        for (var length = 2; length < shortest.Length; length++)
        {
            var result = LightningMessage.Read(shortest.AsSpan(0, length));
            Assert.False(result.IsOk, $"{length} of {shortest.Length} bytes were taken");
            Assert.StartsWith($"{type}.", result.Error.Field, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Any_bytes_are_a_message_or_refused(MessageType type) =>
        Fuzz.Run(
            [.. Enumerable.Range(0, 8).Select(seed => MessageSamples.Create(type, (ulong)seed).ToArray())],
            input =>
            {
                if (!LightningMessage.Read(input).TryGet(out var message))
                    return;

                // What was taken has one form: written and read again it stays the same.
                var written = message.ToArray();
                Assert.Equal(written, LightningMessage.Read(written).Value.ToArray());
            },
            iterations: 1000,
            limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 16384));

    [Theory]
    [InlineData("001000000000")]
    [InlineData("001000000000c9012acb0104")]
    public void The_valid_extensions_of_BOLT_1_are_kept(string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(LightningMessage.Read(TestKeys.Bytes(hex)).Value.ToArray()));

    [Theory]
    [InlineData("00100000000001")]
    [InlineData("001000000000ca012a")]
    [InlineData("001000000000c90101c90102")]
    public void The_invalid_extensions_of_BOLT_1_are_refused(string hex) => Assert.False(LightningMessage.Read(TestKeys.Bytes(hex)).IsOk);

    [Theory]
    [InlineData("9c4001", true)]
    [InlineData("9c41", false)]
    [InlineData("9c42ff", true)]
    [InlineData("0042", true)]
    public void An_unknown_type_is_kept_and_ends_the_connection_when_it_is_even(string hex, bool ends)
    {
        var message = Assert.IsType<UnknownMessage>(LightningMessage.Read(TestKeys.Bytes(hex)).Value);
        Assert.Equal(ends, message.EndsConnection);
        Assert.Equal(hex, Convert.ToHexStringLower(message.ToArray()));
    }

    [Fact]
    public void A_limit_beyond_all_money_means_none()
    {
        var accept = (AcceptChannel)MessageSamples.Create(MessageType.AcceptChannel, 1);
        var bytes = (accept with { MaxHtlcValueInFlight = new(long.MaxValue) }).ToArray();
        Assert.All(bytes[42..50], static value => Assert.Equal(0xff, value));
        Assert.Equal(long.MaxValue, ((AcceptChannel)LightningMessage.Read(bytes).Value).MaxHtlcValueInFlight.Value);
    }

    [Fact]
    public void More_than_all_money_is_refused()
    {
        var bytes = MessageSamples.Create(MessageType.OpenChannel, 1).ToArray();
        bytes[66] = 0x7f;
        Assert.Equal("OpenChannel.funding_satoshis", LightningMessage.Read(bytes).Error.Field);
    }

    private static bool HasNoExtension(LightningMessage message) => message switch
    {
        Init init => init.Networks is null && init.RemoteAddress is null,
        OpenChannel open => open.UpfrontShutdownScript is null && open.ChannelTypeBits is null,
        AcceptChannel accept => accept.UpfrontShutdownScript is null && accept.ChannelTypeBits is null,
        ChannelReady ready => ready.Alias is null,
        ClosingSigned closing => closing.FeeRange is null,
        UpdateAddHtlc add => add.PathKey is null,
        UpdateFulfillHtlc fulfill => fulfill.AttributionData is null,
        UpdateFailHtlc fail => fail.AttributionData is null,
        ChannelReestablish reestablish => reestablish.NextFunding is null && reestablish.MyCurrentFundingLocked is null,
        ChannelAnnouncement announcement => announcement.ExcessData.IsEmpty,
        NodeAnnouncement announcement => announcement.ExcessData.IsEmpty,
        ChannelUpdate update => update.ExcessData.IsEmpty,
        QueryShortChannelIds query => query.QueryFlags is null,
        QueryChannelRange query => query.Options is null,
        ReplyChannelRange reply => reply.Timestamps is null && reply.Checksums is null,
        _ => true,
    };
}
