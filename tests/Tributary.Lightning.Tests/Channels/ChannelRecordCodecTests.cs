using Tributary.Lightning.Channels;
using Tributary.Lightning.Onions;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Channels;

public sealed class ChannelRecordCodecTests
{
    // A state is read, and then written again to see that it was in its one form.
    private static readonly FuzzLimits s_limits = new(BytesPerInputByte: 64, Bytes: 64 * 1024, InputBytesMax: 32 * 1024);

    // A life of a channel in which every kind of record comes up.
    private static (List<byte[]> Records, List<byte[]> States) Life()
    {
        var records = new List<byte[]>();
        var states = new List<byte[]>();
        void Take(ChannelPair pair)
        {
            foreach (var node in pair.Both)
            {
                records.AddRange(node.Log);
                states.Add(node.State.ToArray());
            }
        }

        using (var pair = ChannelPair.Ready())
        {
            pair.Add(pair.Opener, 1_000_000, 1);
            pair.Add(pair.Opener, 100_000, 2);
            pair.Add(pair.Accepter, 2_000_000, 3);
            pair.Opener.Run(pair.Opener.Channel.UpdateFee(new(2_000)).Value);
            pair.Settle();
            pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(1)).Value);
            pair.Accepter.Run(pair.Accepter.Channel.FailMalformedHtlc(1, default, FailureCode.InvalidOnionKey).Value);
            pair.Flush(pair.Accepter);
            Take(pair);
            pair.Settle();
            pair.Opener.Run(pair.Opener.Channel.FailHtlc(0, new byte[40]).Value);
            pair.Opener.Run(pair.Opener.Channel.Acknowledge(0));
            pair.Settle();
            Take(pair);
            pair.Opener.Run(pair.Opener.Channel.FundingReorganised());
            pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
            pair.Settle();
            Take(pair);
            pair.Opener.Run(pair.Opener.Channel.MarkStale("a copy"));
            Take(pair);
            states.Add(pair.Opener.State.ToStaticBackup());
        }

        using (var pair = ChannelPair.Ready())
        {
            pair.Opener.Run(pair.Opener.Channel.ForceClose("a test"));
            Take(pair);
        }

        using (var pair = new ChannelPair())
        {
            pair.Propose();
            pair.Deliver(pair.Opener);
            Take(pair);
            pair.Disconnect();
            Take(pair);
        }

        return (records, states);
    }

    [Fact]
    public void Every_record_and_state_reads_back_as_the_same_bytes()
    {
        var (records, states) = Life();
        Assert.Equal(Enumerable.Range(1, 24), records.Select(record => (int)record[0]).Distinct().Order());
        Assert.All(records, record => Assert.Equal(record, ChannelRecordCodec.Encode(ChannelRecordCodec.Read(record).Value)));
        Assert.All(states, state => Assert.Equal(state, ChannelState.Read(state).Value.ToArray()));
    }

    [Fact]
    public void A_damaged_record_is_refused_or_is_another_record_in_its_one_form()
    {
        var (records, _) = Life();
        Fuzz.Run([.. records.DistinctBy(record => record[0])], CheckRecord, limits: s_limits);
    }

    [Fact]
    public void A_damaged_state_is_refused_or_is_another_state_in_its_one_form()
    {
        var (_, states) = Life();
        Fuzz.Run(states, CheckState, limits: s_limits);
    }

    [Fact]
    public void Cut_records_and_states_are_refused()
    {
        var (records, states) = Life();
        foreach (var record in records.DistinctBy(record => record[0]))
        {
            for (var length = 0; length < record.Length; length++)
                Assert.False(ChannelRecordCodec.Read(record.AsSpan(0, length)).IsOk);
            Assert.False(ChannelRecordCodec.Read([.. record, 0]).IsOk);
        }

        foreach (var state in states.Take(3))
        {
            for (var length = 0; length < state.Length; length += 7)
                Assert.False(ChannelState.Read(state.AsSpan(0, length)).IsOk);
            Assert.False(ChannelState.Read([.. state, 0]).IsOk);
        }
    }

    [Fact]
    public void Kinds_and_versions_of_a_newer_program_stop_the_reading()
    {
        Assert.Equal("kind", ChannelRecordCodec.Read([25, 1]).Error.Field);
        Assert.Equal("kind", ChannelRecordCodec.Read([0, 1]).Error.Field);
        Assert.Equal("version", ChannelRecordCodec.Read([7, 2]).Error.Field);
        Assert.Equal("version", ChannelState.Read([2]).Error.Field);
    }

    [Fact]
    public void A_record_that_does_not_follow_throws_before_anything_is_sent()
    {
        using var pair = ChannelPair.Ready();
        foreach (var record in new ChannelRecord[]
        {
            new ChannelRecord.CommitmentSigned(5),
            new ChannelRecord.HtlcOffered(3, ChannelPair.Offer(1, 1)),
            new ChannelRecord.HtlcRemoved(0, new HtlcOutcome.Failed(default)),
            new ChannelRecord.HtlcAcknowledged(0),
            new ChannelRecord.PreimageReceived(0, default),
            new ChannelRecord.CommitmentReceived(2, [], default, []),
            new ChannelRecord.ReadySent(),
            new ChannelRecord.RevocationReceived(0, default, TestKeys.Secret(7).PublicKey),
            new ChannelRecord.Started(pair.Opener.State.Setup, null, 0),
        })
        {
            Assert.Throws<InvalidOperationException>(() => TestNode.Replay(pair.Opener.Log).Apply(record));
        }
    }

    private static void CheckRecord(ReadOnlySpan<byte> input)
    {
        if (ChannelRecordCodec.Read(input).TryGet(out var record))
            _ = ChannelRecordCodec.Encode(record);
    }

    private static void CheckState(ReadOnlySpan<byte> input)
    {
        if (ChannelState.Read(input).TryGet(out var state))
            Assert.True(input.SequenceEqual(state.ToArray()));
    }
}
