using System.Text.Json;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>Processes, killed and started again, on folders that were copied, renamed and written over; and what the static backup is good for.</summary>
public sealed class FolderTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    private const long Coins = 10_000_000;

    [Fact]
    public async Task A_node_killed_right_after_it_opened_a_channel_comes_back_from_the_backup_that_it_wrote_by_itself()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var chain = await bitcoind.StartAsync([], cancellationToken);
        await using var peer = await ldk.StartAsync(chain, 1, settings: null, cancellationToken);
        await using var node = await TributaryNode.StartAsync(chain, cancellationToken, coins: 1, writesReplica: true);
        var words = await node.RevealWordsAsync(cancellationToken);
        await node.CallAsync("connect", cancellationToken, ("peer", peer.Address));
        await node.CallAsync("open", cancellationToken, ("peer", peer.Id), ("amount", "1000000"), ("push", "400000"));
        await node.KillAsync(cancellationToken);

        var file = Path.Combine(node.Folder, "static.backup");
        Assert.Equal(await File.ReadAllBytesAsync(file, cancellationToken), await File.ReadAllBytesAsync(Path.Combine(node.ReplicaFolder, "static.backup"), cancellationToken));
        await peer.WaitForHeightAsync(await Mine.BlocksAsync(chain, 6, cancellationToken), cancellationToken);
        await using var restored = await node.RestoreAsync(file, words, cancellationToken);
        await restored.ChannelAsync("state", "stale", cancellationToken);
        await peer.WaitAsync("channel_closed", cancellationToken);

        // The peer's commitment pays what is ours on chain.
        const long Ours = Coins - 400_000;
        await MineUntilAsync(chain, restored, balance => balance.GetProperty("confirmed_sat").GetInt64() > Ours - 5_000, cancellationToken);
    }

    [Fact]
    public async Task A_folder_that_was_copied_never_publishes_its_own_state_and_one_that_was_renamed_goes_on()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var chain = await bitcoind.StartAsync([], cancellationToken);
        await using var bank = await ldk.StartAsync(chain, 1, settings: null, cancellationToken);
        await using var peer = await TributaryNode.StartAsync(chain, cancellationToken);
        await using var node = await TributaryNode.StartAsync(chain, cancellationToken);
        await node.CallAsync("connect", cancellationToken, ("peer", peer.Address));
        await node.CallAsync("open", cancellationToken, ("peer", peer.Id), ("amount", "1000000"));
        var height = await Mine.BlocksAsync(chain, 6, cancellationToken);
        await Task.WhenAll(node.WaitForHeightAsync(height, cancellationToken), peer.WaitForHeightAsync(height, cancellationToken));
        var id = (await node.ChannelAsync("usable", "true", cancellationToken)).GetProperty("channel_id").GetString()!;

        // Copied while it runs; then it goes on, and its peer is gone for now, so that nobody can prove anything to anybody.
        var copy = node.Copy(replica: false, "copy");
        await node.CallAsync("keysend", cancellationToken, ("node", peer.Id), ("amount", "1000000"));
        await peer.KillAsync(cancellationToken);
        await node.KillAsync(cancellationToken);

        await node.StartAsync(cancellationToken);
        Assert.Null(node.StartWarning);
        await node.ChannelAsync("state", "offline", cancellationToken);
        await node.StopAsync(cancellationToken);
        node.Rename("elsewhere");
        await node.StartAsync(cancellationToken);
        Assert.Null(node.StartWarning);
        await node.ChannelAsync("state", "offline", cancellationToken);
        await node.StopAsync(cancellationToken);
        var newer = node.Copy(replica: false, "newer");

        await using (var stale = await node.StartFromAsync(copy, cancellationToken))
        {
            Assert.Contains("--moved", stale.StartWarning, StringComparison.Ordinal);
            Assert.Equal(id, (await stale.ChannelAsync("state", "stale", cancellationToken)).GetProperty("channel_id").GetString());
            Assert.False((await stale.CallAsync("close", cancellationToken, ("channel", id), ("force", "true"))).GetProperty("forced").GetBoolean());
            await stale.WaitForHeightAsync(await Mine.BlocksAsync(chain, 1, cancellationToken), cancellationToken);
            Assert.Equal(0, (await chain.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength());
        }

        // What is put back into the same place is as much of a copy, by whatever means.
        node.WriteOver(newer);
        await node.StartAsync(cancellationToken);
        await node.ChannelAsync("state", "stale", cancellationToken);
        await node.KillAsync(cancellationToken);
        node.SetBack(newer);
        await node.StartAsync(cancellationToken);
        await node.ChannelAsync("state", "stale", cancellationToken);
        await node.KillAsync(cancellationToken);

        // The operator's word counts, and it is warned of what it means.
        await using (var moved = await node.StartFromAsync(newer, cancellationToken, "--moved"))
        {
            Assert.Contains("all money", moved.StartWarning, StringComparison.Ordinal);
            await moved.ChannelAsync("state", "offline", cancellationToken);
        }

        // The copy asks the peer, when it is back, to close, and takes what is its own in the latest state.
        await node.StartAsync(cancellationToken);
        await peer.StartAsync(cancellationToken);
        await peer.ChannelAsync("state", "on_chain", cancellationToken);
        const long Ours = (2 * Coins) - 1_000;
        await MineUntilAsync(chain, node, balance => balance.GetProperty("confirmed_sat").GetInt64() > Ours - 5_000, cancellationToken);
        var status = await node.CallAsync("status", cancellationToken);
        var backup = Assert.Single(status.GetProperty("backups").EnumerateArray());
        Assert.Equal(Path.Combine(node.Folder, "static.backup"), backup.GetProperty("file").GetString());
        Assert.True(backup.GetProperty("age_seconds").GetInt64() >= 0);
    }

    private static async Task MineUntilAsync(BitcoindNode chain, TributaryNode node, Func<JsonElement, bool> holds, CancellationToken cancellationToken)
    {
        for (var block = 0; block < 40; block++)
        {
            await node.WaitForHeightAsync(await Mine.BlocksAsync(chain, 1, cancellationToken), cancellationToken);
            if (holds(await node.CallAsync("balance", cancellationToken)))
                return;
            await Mine.PauseAsync(chain, async () => holds(await node.CallAsync("balance", cancellationToken)), block, 40, cancellationToken);
        }

        throw new TimeoutException($"The money does not come: {await node.CallAsync("balance", cancellationToken)}; {await node.CallAsync("channels", cancellationToken)}");
    }
}
