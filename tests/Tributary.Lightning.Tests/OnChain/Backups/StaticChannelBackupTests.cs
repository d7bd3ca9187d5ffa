using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Features;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Messages;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.OnChain.Backups;
using Tributary.Lightning.Tests.Keys;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.OnChain.Backups;

public sealed class StaticChannelBackupTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    [Fact]
    public void What_is_sealed_comes_back_with_the_key_and_with_no_other()
    {
        var channels = new[] { Backup(new ChannelPair(CommitmentFormat.AnchorsZeroFeeHtlc)), Backup(new ChannelPair(CommitmentFormat.StaticRemoteKey, seed: 2)) };
        var file = StaticChannelBackup.Seal(channels, s_key, SystemEntropy.Instance);
        var opened = StaticChannelBackup.Open(file, s_key).Value;
        Assert.Equal(2, opened.Count);
        foreach (var (written, read) in channels.Zip(opened))
        {
            Assert.Equal(written.Addresses, read.Addresses);
            Assert.Equal(written, read with { Addresses = written.Addresses });
        }

        Assert.Contains("seed", StaticChannelBackup.Open(file, Enumerable.Repeat((byte)1, 32).ToArray()).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_of_the_same_channels_differ()
    {
        var channels = new[] { Backup(new ChannelPair(CommitmentFormat.AnchorsZeroFeeHtlc)) };
        Assert.NotEqual(StaticChannelBackup.Seal(channels, s_key, SystemEntropy.Instance), StaticChannelBackup.Seal(channels, s_key, SystemEntropy.Instance));
    }

    [Fact]
    public void A_changed_byte_or_a_cut_is_refused()
    {
        var file = StaticChannelBackup.Seal([Backup(new ChannelPair(CommitmentFormat.AnchorsZeroFeeHtlc))], s_key, SystemEntropy.Instance);
        for (var i = 0; i < file.Length; i++)
        {
            var changed = (byte[])file.Clone();
            changed[i] ^= 0x10;
            Assert.False(StaticChannelBackup.Open(changed, s_key).IsOk);
            Assert.False(StaticChannelBackup.Open(file.AsSpan(0, i), s_key).IsOk);
        }
    }

    [Fact]
    public void Any_bytes_are_a_backup_or_a_refusal() => Fuzz.Run(
        [StaticChannelBackup.Seal([Backup(new ChannelPair(CommitmentFormat.AnchorsZeroFeeHtlc))], s_key, SystemEntropy.Instance)],
        static bytes => StaticChannelBackup.Open(bytes, s_key),
        iterations: 500,
        limits: new FuzzLimits(Bytes: 65_536));

    [Theory]
    [InlineData(CommitmentFormat.StaticRemoteKey, 0)]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc, 0)]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc, 100)]
    public async Task The_balance_comes_back_from_whatever_state_the_peer_closes_with(CommitmentFormat format, int number)
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(format, delay: 20);
        var channel = new ScriptedChannel(pair, [.. Enumerable.Range(0, 101).Select(static i => new ScriptedState(6_000_000_000 + i, 4_000_000_000 - i))]);
        var file = StaticChannelBackup.Seal([Backup(pair)], s_key, SystemEntropy.Instance);

        // All that is left: the seed and the file.
        using var node = NodeKeys.FromSeed(Enumerable.Repeat((byte)1, 32).ToArray());
        var backup = StaticChannelBackup.Open(file, s_key).Value[0];
        using var keys = node.ChannelKeys(backup.KeyId);
        var wallet = new TestWallet(0x41);
        var monitor = new ChannelMonitor(new RestoredChannel(backup, keys), keys, new MonitorSettings(wallet.Script));
        var fees = FeeEstimates.Flat(new FeeratePerKw(500));
        var asked = monitor.Handle(new MonitorInput.BroadcastCommitment("restored"), new ChainNow(world.Height, fees));
        Assert.IsType<MonitorEffect.Alarm>(Assert.Single(asked.Effects));
        Assert.Empty(asked.Records);

        var commitment = channel.Sign(1, (ulong)number);
        var step = monitor.Handle(new MonitorInput.BlockConnected(world.Height + 1, [commitment]), new ChainNow(world.Height + 1, fees));
        var sweep = Assert.Single(step.Effects.OfType<MonitorEffect.Broadcast>()).Package[0].Transaction;
        Assert.Null(await world.BroadcastAsync(commitment));
        await world.MineAsync();
        Assert.Null(await world.BroadcastAsync(sweep));
        await world.MineAsync();
        Assert.Equal(sweep.TxId, world.SpenderOf(commitment.OutPointOf(channel.Commitment(1, (ulong)number).ToCountersignerIndex))!.TxId);
        Assert.Equal(wallet.Script, sweep.Output(0).ScriptPubKey);
    }

    private static ChannelBackup Backup(ChannelPair pair) => new()
    {
        KeyId = pair.Keys[0].Id,
        Funding = pair.Funding,
        FundingAmount = pair.FundingAmount,
        Peer = new NodeId(pair.Keys[1].Basepoints.Funding),
        Addresses = [new NodeAddress(NodeAddressKind.IPv4, "127.0.0.1", 9735), new NodeAddress(NodeAddressKind.DnsName, "ln.example.com", 9736)],
        Type = pair.Format.HasAnchors() ? ChannelType.Anchors : ChannelType.StaticRemoteKey,
        IsOpener = true,
        RemoteBasepoints = pair.Keys[1].Basepoints,
        LocalToSelfDelay = pair.Contract(0).ToSelfDelay,
        RemoteToSelfDelay = pair.Contract(1).ToSelfDelay,
        LocalDustLimit = pair.Contract(0).DustLimit,
        RemoteDustLimit = pair.Contract(1).DustLimit,
    };
}
