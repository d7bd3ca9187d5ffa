using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Tests.Channels;
using Tributary.Lightning.Tests.OnChain;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Node.Journal;

public sealed class NodeBackupTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    [Fact]
    public void What_is_sealed_comes_back_with_the_key_and_with_no_other()
    {
        using var pair = ChannelPair.Ready();
        ReadOnlyMemory<byte>[] entries = [Entry(pair.Opener), PeerEntry(pair)];
        var file = NodeBackup.Seal(entries, s_key, SystemEntropy.Instance);
        Assert.Equal(entries.Select(static entry => entry.ToArray()), NodeBackup.Open(file, s_key).Value);
        Assert.Contains("words", NodeBackup.Open(file, Enumerable.Repeat((byte)1, 32).ToArray()).Error.Reason, StringComparison.Ordinal);
        Assert.NotEqual(file, NodeBackup.Seal(entries, s_key, SystemEntropy.Instance));
    }

    [Fact]
    public void A_changed_byte_or_a_cut_is_refused()
    {
        using var pair = ChannelPair.Ready();
        var file = NodeBackup.Seal([Entry(pair.Opener)], s_key, SystemEntropy.Instance);
        for (var i = 0; i < file.Length; i++)
        {
            var changed = (byte[])file.Clone();
            changed[i] ^= 0x10;
            Assert.False(NodeBackup.Open(changed, s_key).IsOk);
            Assert.False(NodeBackup.Open(file.AsSpan(0, i), s_key).IsOk);
        }
    }

    [Fact]
    public void A_channel_with_a_state_is_refused()
    {
        using var pair = ChannelPair.Ready();
        var file = NodeBackup.Seal([LogEntry.ToArray(EntryKind.ChannelState, pair.Opener.KeyId, pair.Opener.State.ToArray())], s_key, SystemEntropy.Instance);
        Assert.Contains("may be old", NodeBackup.Open(file, s_key).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_a_backup_or_a_refusal()
    {
        using var pair = ChannelPair.Ready();
        Fuzz.Run([NodeBackup.Seal([Entry(pair.Opener), PeerEntry(pair)], s_key, SystemEntropy.Instance)], static bytes => NodeBackup.Open(bytes, s_key), iterations: 500, limits: new FuzzLimits(Bytes: 65_536));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 100)]
    public async Task The_balance_comes_back_from_whatever_state_the_peer_closes_with(bool hasAnchors, int payments)
    {
        await using var world = await ChainWorld.CreateAsync();
        using var pair = new ChannelPair
        {
            Fund = (script, amount) => world.Draft(new TxOut(new Satoshis(12_345), new TestWallet(0x33).Script), new TxOut(amount, script)),
        };
        pair.Propose(type: hasAnchors ? ChannelType.Anchors : ChannelType.StaticRemoteKey);
        pair.Settle();
        Assert.Null(await world.BroadcastAsync(pair.FundingTransaction!));
        await world.MineAsync();
        pair.Confirm();
        pair.Settle();
        var file = NodeBackup.Seal([Entry(pair.Opener)], s_key, SystemEntropy.Instance);
        for (var i = 0; i < payments; i++)
        {
            pair.Add(pair.Opener, 1_000_000, i + 1, 500);
            pair.Settle();
            pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc((ulong)i, ChannelPair.Preimage(i + 1)).Value);
            pair.Settle();
        }

        var signed = pair.Accepter.Channel.Local!;
        var commitment = CommitmentTransaction.Build(pair.Accepter.Channel.LocalContract, signed.State);
        using var peerKeys = pair.Accepter.Keys.ChannelKeys(pair.Accepter.KeyId);
        var close = commitment.Sign(peerKeys.SignCommitment(commitment), signed.Signature);

        // All that is left: the seed and the file.
        _ = LogEntry.Read(NodeBackup.Open(file, s_key).Value[0], out _, out var keyId, out var record);
        using var channel = new Channel(ChannelState.Read(record).Value, pair.Opener.Keys.ChannelKeys(keyId), TestNode.DefaultPolicy);
        var us = await world.JoinAsync(channel, pair.Opener.Keys.ChannelKeys(keyId), 0x41, 100_000);
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("restored"));
        Assert.Empty(us.Seen<MonitorEffect.Broadcast>());
        Assert.NotEmpty(us.Seen<MonitorEffect.Alarm>());

        // The peer is told that the state is lost, and then to close.
        var effects = channel.Connected(TestNode.AllFeatures, TestNode.AllFeatures).Effects;
        Assert.Equal(0UL, Assert.IsType<ChannelReestablish>(Assert.IsType<ChannelEffect.Send>(effects[0]).Message).NextRevocationNumber);
        Assert.IsType<Error>(Assert.IsType<ChannelEffect.FailPeer>(effects[1]).Message);

        Assert.Null(await world.BroadcastAsync(close));
        await world.MineAsync(3);
        Assert.Equal(0, new Ownership(world, commitment, us).OwnerOf(commitment.ToCountersignerIndex));
    }

    private static byte[] Entry(TestNode node) => LogEntry.ToArray(EntryKind.ChannelState, node.KeyId, node.State.ToStaticBackup());

    private static byte[] PeerEntry(ChannelPair pair)
    {
        var writer = new ByteWriter();
        NodeRecordCodec.Write(new NodeRecord.PeerAddressKnown(pair.Accepter.Keys.Id, "ln.example.com", 9735), writer);
        return LogEntry.ToArray(EntryKind.Node, default, writer.WrittenSpan);
    }
}
