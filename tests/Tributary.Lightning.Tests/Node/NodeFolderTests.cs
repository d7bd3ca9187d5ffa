using System.Diagnostics;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Backups;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Tests.Node;

/// <summary>What a node keeps in its folder beside its log, and what it makes of a folder that is not where it was.</summary>
public sealed class NodeFolderTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("node-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task The_static_backup_is_on_disk_before_the_funding_is_handed_to_the_network_and_follows_the_channels()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (here, second) = (new MemoryDirectory(), new MemoryDirectory());
        var opener = await network.AddAsync(Cancellation, options => options with { BackupFolders = [here, second] });
        var peer = await network.AddAsync(Cancellation);
        await opener.Lightning.ConnectAsync(peer.Address, Cancellation);

        _ = (await opener.Lightning.OpenChannelAsync(new(peer.Id, new Satoshis(500_000)), Cancellation)).Value;

        // At once, without a block or a wait.
        var status = await opener.Lightning.GetStatusAsync(Cancellation);
        Assert.Equal(2, status.Backups.Count);
        Assert.All(status.Backups, static backup => Assert.Equal((1, null), (backup.ChannelCount, backup.Problem)));
        Assert.Contains(status.Lines, static line => line.Contains("1 channel and was written", StringComparison.Ordinal));
        Assert.Equal(Read(here), Read(second));
        Assert.True((await opener.Lightning.ExportBackupAsync(Cancellation)).Content.Length == Read(here).Length);

        await network.MineAsync(6, Cancellation);
        var channel = (await opener.Lightning.ListChannelsAsync(Cancellation))[0].Id.ToString();
        var before = Read(here);
        _ = (await opener.Lightning.CloseChannelAsync(channel, force: true, Cancellation)).Value;
        await NodeNetwork.UntilAsync(() => Task.FromResult(!Read(here).AsSpan().SequenceEqual(before)), "a new backup after the close", Cancellation);
    }

    [Fact]
    public async Task A_backup_that_cannot_be_written_is_an_alarm_and_a_risk_and_the_channel_opens()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var folder = DiskDirectory.Open(Path.Combine(_home, "gone"));
        Directory.Delete(folder.Location);
        var (opener, peer) = (await network.AddAsync(Cancellation, options => options with { BackupFolders = [folder] }), await network.AddAsync(Cancellation));
        await network.OpenAsync(opener, peer, 500_000, Cancellation);

        var alarm = await opener.EventAsync(NodeEventKind.Alarm, null, Cancellation);
        Assert.Contains(BackupKeeper.FileName, alarm.Text, StringComparison.Ordinal);
        Assert.Contains((await opener.Lightning.GetStatusAsync(Cancellation)).Risks, static risk => risk.Contains(BackupKeeper.FileName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_backup_of_a_log_that_is_gone_is_never_written_over()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var backups = new MemoryDirectory();
        var node = await network.AddAsync(Cancellation, options => options with { BackupFolders = [backups] }, coins: 0);
        await NodeNetwork.UntilAsync(() => Task.FromResult(backups.Exists(BackupKeeper.FileName)), "the first backup", Cancellation);
        await node.StopAsync();
        var before = Read(backups);

        node.Disk = new MemoryDirectory();
        var refusal = (await node.TryOpenAsync(Cancellation)).Error;
        Assert.Equal("data", refusal.Field);
        Assert.Contains("restore", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(before, Read(backups));
    }

    [Fact]
    public async Task A_folder_goes_on_where_it_was_and_counts_as_a_copy_everywhere_else()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var original = DiskDirectory.Open(Path.Combine(_home, "original"));
        var (node, peer) = (await network.AddAsync(Cancellation, disk: original), await network.AddAsync(Cancellation));
        Assert.SkipWhen(original.PlaceOf("lock") is null, "the file system of the temporary folder does not tell a file from its copy");
        await network.OpenAsync(node, peer, 500_000, Cancellation, push: 100_000);
        await node.RestartAsync(Cancellation);
        Assert.Null(node.Lightning.StartWarning);
        await peer.StopAsync();
        await node.StopAsync();
        Copy("original", "copy");
        Copy("original", "moved");

        await node.StartAsync(Cancellation);
        Assert.Equal("offline", await StateAsync(node));
        await node.StopAsync();

        node.Disk = DiskDirectory.Open(Path.Combine(_home, "copy"));
        await node.StartAsync(Cancellation);
        Assert.Contains("--moved", node.Lightning.StartWarning, StringComparison.Ordinal);
        Assert.Equal("stale", await StateAsync(node));
        Assert.False((await node.Lightning.CloseChannelAsync((await node.Lightning.ListChannelsAsync(Cancellation))[0].Id.ToString(), force: true, Cancellation)).Value.IsForced);
        Assert.Empty((await network.Chain.GetMempoolAsync(Cancellation)).Value);

        // It was said once, and lasts.
        node.Options = node.Options with { IsMoved = true };
        await node.RestartAsync(Cancellation);
        Assert.Null(node.Lightning.StartWarning);
        Assert.Equal("stale", await StateAsync(node));
        await node.StopAsync();

        node.Disk = DiskDirectory.Open(Path.Combine(_home, "moved"));
        await node.StartAsync(Cancellation);
        Assert.Contains("all money", node.Lightning.StartWarning, StringComparison.Ordinal);
        Assert.Equal("offline", await StateAsync(node));
        node.Options = node.Options with { IsMoved = false };
        await node.RestartAsync(Cancellation);
        Assert.Null(node.Lightning.StartWarning);
        Assert.Equal("offline", await StateAsync(node));
    }

    [Fact]
    public async Task An_older_state_that_is_put_back_in_its_place_is_found_out_before_any_peer_has_spoken()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        using var witness = new RunWitness(Directory.CreateDirectory(Path.Combine(_home, "memory")).FullName, "this start of the machine");
        var folder = DiskDirectory.Open(Path.Combine(_home, "node"));
        var node = await network.AddAsync(Cancellation, options => options with { Witness = witness }, disk: folder);
        var peer = await network.AddAsync(Cancellation);
        await network.OpenAsync(node, peer, 500_000, Cancellation, push: 100_000);
        await node.StopAsync();
        Copy("node", "snapshot");
        await node.StartAsync(Cancellation);
        await NodeNetwork.UntilAsync(async () => (await node.Lightning.ListChannelsAsync(Cancellation)).Single().IsUsable, "the channel", Cancellation);
        Assert.Equal("succeeded", (await node.PayAsync((await peer.InvoiceAsync(5_000_000, Cancellation)).Text, Cancellation)).Value.State);
        await peer.StopAsync();
        await node.StopAsync();

        // The process died and comes back: nobody has to say that its state is the latest.
        await node.StartAsync(Cancellation);
        Assert.Null(node.Lightning.StartWarning);
        Assert.True(node.Lightning.Channels.All.Single().Channel.IsConfirmed);
        await node.StopAsync();

        PutBack("snapshot", "node");
        await node.StartAsync(Cancellation);
        Assert.Contains("older state", node.Lightning.StartWarning, StringComparison.Ordinal);
        Assert.Equal("stale", await StateAsync(node));
        Assert.False((await node.Lightning.CloseChannelAsync((await node.Lightning.ListChannelsAsync(Cancellation))[0].Id.ToString(), force: true, Cancellation)).Value.IsForced);
        Assert.Empty((await network.Chain.GetMempoolAsync(Cancellation)).Value);

        // Said once: a channel that is opened from now on is none of a copy.
        await node.RestartAsync(Cancellation);
        Assert.Null(node.Lightning.StartWarning);
    }

    [Fact]
    public async Task A_further_start_of_the_process_confirms_nothing_that_nobody_has_confirmed_since_the_machine_started()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var memory = Directory.CreateDirectory(Path.Combine(_home, "memory")).FullName;
        using var first = new RunWitness(memory, "this start of the machine");
        using var second = new RunWitness(memory, "the next one");
        using var third = new RunWitness(memory, "the one after it");
        var node = await network.AddAsync(Cancellation, options => options with { Witness = first }, disk: DiskDirectory.Open(Path.Combine(_home, "node")));
        var peer = await network.AddAsync(Cancellation);
        await node.StopAsync();
        Copy("node", "empty");
        await node.StartAsync(Cancellation);
        await network.OpenAsync(node, peer, 500_000, Cancellation, push: 100_000);
        await node.StopAsync();
        Copy("node", "snapshot");
        await node.StartAsync(Cancellation);
        await NodeNetwork.UntilAsync(async () => (await node.Lightning.ListChannelsAsync(Cancellation)).Single().IsUsable, "the channel", Cancellation);
        Assert.Equal("succeeded", (await node.PayAsync((await peer.InvoiceAsync(5_000_000, Cancellation)).Text, Cancellation)).Value.State);
        await peer.StopAsync();
        await node.StopAsync();

        // Put back while the machine was down: no note speaks against it, and what this start and the next one note must not speak for it.
        PutBack("snapshot", "node");
        node.Options = node.Options with { Witness = second };
        for (var i = 0; i < 3; i++)
        {
            await node.StartAsync(Cancellation);
            await ExpectUnconfirmedAsync();
            await node.StopAsync();
        }

        // Nor does a note of an even older state that had nothing to lose.
        PutBack("empty", "node");
        node.Options = node.Options with { Witness = third };
        await node.StartAsync(Cancellation);
        Assert.Empty(await node.Lightning.ListChannelsAsync(Cancellation));
        await node.StopAsync();
        PutBack("snapshot", "node");
        await node.StartAsync(Cancellation);
        await ExpectUnconfirmedAsync();

        async Task ExpectUnconfirmedAsync()
        {
            Assert.Null(node.Lightning.StartWarning);
            var entry = Assert.Single(node.Lightning.Channels.All);
            Assert.True(entry.Channel.IsUnconfirmed);
            Assert.Equal("force", (await node.Lightning.CloseChannelAsync(entry.Channel.Id.ToString(), force: true, Cancellation)).Error.Field);
            Assert.Empty((await network.Chain.GetMempoolAsync(Cancellation)).Value);
        }
    }

    [Fact]
    public async Task What_a_peer_has_confirmed_since_the_machine_started_stays_confirmed_when_the_process_starts_anew()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var memory = Directory.CreateDirectory(Path.Combine(_home, "memory")).FullName;
        using var first = new RunWitness(memory, "this start of the machine");
        using var second = new RunWitness(memory, "the next one");
        var (node, peer) = (await network.AddAsync(Cancellation, options => options with { Witness = first }), await network.AddAsync(Cancellation));
        await network.OpenAsync(node, peer, 500_000, Cancellation, push: 100_000);
        node.Options = node.Options with { Witness = second };
        await node.RestartAsync(Cancellation);
        await NodeNetwork.UntilAsync(async () => (await node.Lightning.ListChannelsAsync(Cancellation)).Single().IsUsable, "the channel", Cancellation);
        await peer.StopAsync();
        for (var i = 0; i < 2; i++)
        {
            await node.RestartAsync(Cancellation);
            Assert.True(Assert.Single(node.Lightning.Channels.All).Channel.IsConfirmed);
        }
    }

    [Fact]
    public async Task After_a_start_of_the_machine_a_channel_is_closed_by_force_only_with_the_peers_word_or_by_whoever_has_waited_for_it()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (node, peer) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(node, peer, 500_000, Cancellation, push: 100_000);
        var channel = (await node.Lightning.ListChannelsAsync(Cancellation)).Single().Id.ToString();
        await peer.StopAsync();
        await node.RestartAsync(Cancellation);

        var refusal = (await node.Lightning.CloseChannelAsync(channel, force: true, Cancellation)).Error;
        Assert.Equal("force", refusal.Field);
        Assert.Contains("would be at stake", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("UTC on", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains((await node.Lightning.GetStatusAsync(Cancellation)).Risks, static risk => risk.Contains("has not been heard of since the start", StringComparison.Ordinal));
        Assert.Empty((await network.Chain.GetMempoolAsync(Cancellation)).Value);

        node.Options = node.Options with { UnconfirmedGrace = TimeSpan.Zero };
        await node.RestartAsync(Cancellation);
        var report = (await node.Lightning.CloseChannelAsync(channel, force: true, Cancellation)).Value;
        Assert.True(report.IsForced);
        Assert.Contains("are lost to the peer", report.Text, StringComparison.Ordinal);
        await NodeNetwork.UntilAsync(async () => (await network.Chain.GetMempoolAsync(Cancellation)).Value.Length > 0, "the commitment", Cancellation);
    }

    [Fact]
    public async Task What_a_peer_asks_for_forwarding_is_in_the_hints_after_a_restart()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (payer, payee) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(payer, payee, 500_000, Cancellation);
        Assert.Null(await HintAsync(payee));

        var channel = payee.Lightning.Channels.All.Single();
        var position = channel.Channel.State.Position!.Value;
        var policy = new ForwardingPolicy(700, 12, 40, new MilliSatoshis(1), new MilliSatoshis(300_000_000), Timestamp: 1_700_000_000);
        payee.Lightning.Peers.PeerMessage(channel.Connection!, new ChannelUpdate
        {
            Signature = default,
            ChainHash = payee.Options.Network.GenesisHash.Value,
            ShortChannelId = position,
            Timestamp = policy.Timestamp,
            MessageFlags = 1,
            ChannelFlags = (byte)(channel.Peer < new NodeId(payee.Id) ? 0 : 1),
            CltvExpiryDelta = policy.CltvExpiryDelta,
            HtlcMinimum = policy.HtlcMinimum,
            FeeBaseMilliSatoshis = policy.FeeBaseMilliSatoshis,
            FeeProportionalMillionths = policy.FeeProportionalMillionths,
            HtlcMaximum = policy.HtlcMaximum,
        }, 138);

        var told = await HintAsync(payee);
        Assert.Equal((700u, 12u, (ushort)40), (told!.Value.FeeBaseMilliSatoshis, told.Value.FeeProportionalMillionths, told.Value.CltvExpiryDelta));
        await payee.RestartAsync(Cancellation);
        await NodeNetwork.UntilAsync(async () => (await payee.Lightning.ListChannelsAsync(Cancellation)).Single().IsUsable, "the channel", Cancellation);
        Assert.Equal(told, await HintAsync(payee));
    }

    private static async Task<RouteHintHop?> HintAsync(WholeNode node)
    {
        var hints = Invoice.Parse((await node.InvoiceAsync(1_000, Cancellation)).Text).Value.Terms.RouteHints;
        return hints.Count == 0 ? null : Assert.Single(Assert.Single(hints));
    }

    // As a snapshot of the disk does: the place of the folder stays what it was.
    private void PutBack(string from, string to)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(_home, to)).Where(static file => !Path.GetFileName(file).StartsWith("lock", StringComparison.Ordinal)))
            File.Delete(file);
        foreach (var file in Directory.GetFiles(Path.Combine(_home, from)).Where(static file => !Path.GetFileName(file).StartsWith("lock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(_home, to, Path.GetFileName(file)));
    }

    private static byte[] Read(MemoryDirectory folder)
    {
        using var file = folder.Open(BackupKeeper.FileName, FileUse.Read);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }

    private static async Task<string> StateAsync(WholeNode node) => (await node.Lightning.ListChannelsAsync(Cancellation)).Single().State;

    private void Copy(string from, string to)
    {
        using var process = Process.Start("cp", ["-r", Path.Combine(_home, from), Path.Combine(_home, to)]);
        process.WaitForExit();
    }
}
