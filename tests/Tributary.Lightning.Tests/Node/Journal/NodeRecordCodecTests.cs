using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Node.Journal;

public sealed class NodeRecordCodecTests
{
    [Fact]
    public void Records_come_back_as_they_were_written() => Check.QuickThrowOnFailure(Prop.ForAll((uint height, ushort port, NonNull<string> text) =>
    {
        foreach (var record in Samples((int)(height % int.MaxValue), port, new string([.. text.Get.Where(char.IsAsciiLetterOrDigit).Take(200)])))
        {
            var writer = new ByteWriter();
            NodeRecordCodec.Write(record, writer);
            Assert.Equal(record, NodeRecordCodec.Read(writer.WrittenSpan).Value);
            Assert.False(NodeRecordCodec.Read([.. writer.WrittenSpan, 0]).IsOk);
        }
    }));

    [Fact]
    public void A_kind_or_version_that_is_not_known_is_refused()
    {
        Assert.Equal("node_record.kind", NodeRecordCodec.Read([200, 1]).Error.Field);
        Assert.Equal("node_record.version", NodeRecordCodec.Read([1, 9]).Error.Field);
    }

    [Fact]
    public void Any_bytes_are_a_record_or_a_refusal()
    {
        var seeds = Samples(7, 9735, "x").Select(static record =>
        {
            var writer = new ByteWriter();
            NodeRecordCodec.Write(record, writer);
            return writer.ToArray();
        }).ToArray();
        Fuzz.Run(seeds, static bytes => NodeRecordCodec.Read(bytes), limits: new FuzzLimits(Bytes: 65_536));
    }

    [Fact]
    public void A_snapshot_leads_to_the_same_state()
    {
        var state = new NodeState();
        foreach (var record in Samples(100, 1, "a"))
            state.Apply(record);
        var again = new NodeState();
        foreach (var record in state.Snapshot())
            again.Apply(record);
        Assert.Equal(state.Snapshot(), again.Snapshot());
        Assert.Equal(state.LastEvent, again.LastEvent);
    }

    [Fact]
    public void What_is_known_beside_a_channel_goes_with_it()
    {
        var state = new NodeState();
        foreach (var record in Samples(100, 1, "a"))
            state.Apply(record);
        var known = Assert.Single(state.PeerPolicies);
        Assert.Equal(100, known.Value.HtlcMaximum.Value);
        state.Apply(new NodeRecord.ChannelForgotten(known.Key));
        Assert.Empty(state.PeerPolicies);
        Assert.DoesNotContain(state.Snapshot(), static record => record is NodeRecord.PeerPolicyKnown);
    }

    private static IEnumerable<NodeRecord> Samples(int height, ushort port, string text)
    {
        var id = new NodeId([2, .. Enumerable.Repeat((byte)7, 32)]);
        var hash = new Bytes32([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]);
        yield return new NodeRecord.Created("regtest", id);
        yield return new NodeRecord.TipMoved(new ChainTip(height, new BlockHash(hash)));
        yield return new NodeRecord.PeerAddressKnown(id, text, port);
        yield return new NodeRecord.FundingUnmined(hash);
        yield return new NodeRecord.EventRaised(
            new NodeEvent(5, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), NodeEventKind.PaymentSent, hash, new MilliSatoshis(height), hash, text));
        yield return new NodeRecord.EventRaised(
            new NodeEvent(6, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), NodeEventKind.PaymentHeld, hash, new MilliSatoshis(height), null, text)
            {
                Hold = new HoldDeadline(height, height + 144, height + 108),
            });
        yield return new NodeRecord.PeerForgotten(id);
        yield return new NodeRecord.Placed(null);
        yield return new NodeRecord.Placed(new FilePlace((ulong)height << 32, 1_700_000_000_123_456_789, -port));
        yield return new NodeRecord.Vouched((ulong)height << 40 | port);
        yield return new NodeRecord.PeerPolicyKnown(
            hash, new ForwardingPolicy(1000, port, (ushort)(height & 0xffff), new MilliSatoshis(1), new MilliSatoshis(height), (height & 1) == 1, (uint)height));
        yield return new NodeRecord.ChannelForgotten(new Bytes32(new byte[32]));
        yield return new NodeRecord.CopyTaken(new LogId(new UInt128(port, ulong.MaxValue)), new LogSequence((ulong)height), new DateTimeOffset(638_000_000_000_000_001, TimeSpan.Zero));
    }
}
