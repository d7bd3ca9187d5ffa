using Tributary.Lightning.Messages;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>
/// The restore drill: a node comes back from a copy that is one state old, or a hundred, and its peer has gone on. It never publishes its own
/// commitment, says that it has lost state and asks the peer to close, and takes what is its own.
/// </summary>
public sealed class RestoreTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    private const string StaticFile = "static backup";
    private const string Replica = "replica";
    private const string Folder = "folder";
    private const string Snapshot = "snapshot";
    private const int BlocksMax = 40;

    [Fact]
    public async Task Whatever_copy_a_node_comes_back_from_and_however_old_it_publishes_nothing_and_gets_its_money()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var chain = await bitcoind.StartAsync([], cancellationToken);
        await using var peer = await ldk.StartAsync(chain, 1, settings: null, cancellationToken);
        var drills = new List<Drill>();
        try
        {
            foreach (var source in new[] { StaticFile, Replica, Folder, Snapshot })
            {
                foreach (var age in new[] { 1, 100 })
                    drills.Add(await Drill.StartAsync(chain, peer, source, age, cancellationToken));
            }

            var height = await Mine.BlocksAsync(chain, 6, cancellationToken);
            await peer.WaitForHeightAsync(height, cancellationToken);
            await Task.WhenAll(drills.Select(drill => drill.LiveAsync(cancellationToken)));
            foreach (var drill in drills)
                await drill.RestoreAsync(cancellationToken);
            foreach (var drill in drills)
                await drill.WaitForCloseAsync(cancellationToken);

            // Each peer's commitment, then what sweeps our output of it.
            await UntilMempoolAsync(chain, drills.Count, cancellationToken);
            for (var i = 0; i < BlocksMax; i++)
            {
                var rich = true;
                foreach (var drill in drills)
                    rich &= await drill.HasMoneyAsync(cancellationToken);
                if (rich && i >= 4)
                    break;
                height = await Mine.BlocksAsync(chain, 1, cancellationToken);
                foreach (var drill in drills)
                    await drill.Restored!.WaitForHeightAsync(height, cancellationToken);
                await Task.Delay(i < 10 ? 200 : 3_000, cancellationToken);
            }

            var published = (await peer.CommandAsync("events", cancellationToken)).EnumerateArray()
                .Where(static one => one.Has("type", "broadcast")).Select(static one => one.TryGetProperty("txid", out var id) ? id.GetString()! : "").ToHashSet(StringComparer.Ordinal);
            foreach (var drill in drills)
                await drill.CheckAsync(published, cancellationToken);
        }
        finally
        {
            foreach (var drill in drills)
                await drill.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_folder_that_was_set_back_is_found_out_by_its_replica()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var chain = await bitcoind.StartAsync([], cancellationToken);
        await using var node = await TributaryNode.StartAsync(chain, cancellationToken, coins: 0, writesReplica: true);
        var copy = node.Copy(replica: false, "copy");
        for (var i = 0; i < 3; i++)
            await node.CallAsync("invoice", cancellationToken, ("amount", "1000"));
        await node.KillAsync(cancellationToken);
        node.SetBack(copy);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => node.StartAsync(cancellationToken));
        Assert.Contains("set back", refused.Message, StringComparison.Ordinal);
    }

    private static async Task UntilMempoolAsync(BitcoindNode chain, int count, CancellationToken cancellationToken)
    {
        for (var patience = 0; (await chain.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength() < count; patience++)
        {
            if (patience > 4800)
                throw new TimeoutException($"{count} closes do not come: {await chain.RpcAsync("getrawmempool", cancellationToken)}");
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>One node, what becomes of it, and what it comes back as.</summary>
    private sealed class Drill : IAsyncDisposable
    {
        private const long Coins = 10_000_000;
        private const long Channel = 1_000_000;
        private const int PaymentsBefore = 3;

        private readonly BitcoindNode _chain;
        private readonly LdkPeer _peer;
        private readonly TributaryNode _node;
        private readonly MessageRelay _relay;
        private readonly string _source;
        private readonly int _age;
        private string _channelId = "";
        private string _copy = "";
        private string _words = "";
        private int _seen;
        private int _eventsBefore;

        private Drill(BitcoindNode chain, LdkPeer peer, TributaryNode node, MessageRelay relay, string source, int age) =>
            (_chain, _peer, _node, _relay, _source, _age) = (chain, peer, node, relay, source, age);

        internal TributaryNode? Restored { get; private set; }

        internal static async Task<Drill> StartAsync(BitcoindNode chain, LdkPeer peer, string source, int age, CancellationToken cancellationToken)
        {
            var node = await TributaryNode.StartAsync(chain, cancellationToken, coins: 1, writesReplica: source is Replica);
            var drill = new Drill(chain, peer, node, await MessageRelay.StartAsync(node, peer, cancellationToken), source, age);
            drill._words = await node.RevealWordsAsync(cancellationToken);
            await node.CallAsync("connect", cancellationToken, ("peer", drill._relay.Address));
            await node.CallAsync("open", cancellationToken, ("peer", peer.Id), ("amount", "1000000"), ("push", "500000"));
            return drill;
        }

        /// <summary>A few payments; then comes the copy, and then as many as it is to be old.</summary>
        internal async Task LiveAsync(CancellationToken cancellationToken)
        {
            var channel = await _node.ChannelAsync("usable", "true", cancellationToken);
            _channelId = channel.GetProperty("channel_id").GetString()!;
            for (var i = 0; i < PaymentsBefore + _age; i++)
            {
                if (i == PaymentsBefore)
                    await CopyAsync(cancellationToken);
                await _node.CallAsync("keysend", cancellationToken, ("node", _peer.Id), ("amount", "1000000"));
            }

            await _node.KillAsync(cancellationToken);
        }

        internal async Task RestoreAsync(CancellationToken cancellationToken)
        {
            _seen = _relay.Seen.Count;
            _eventsBefore = await _peer.EventCountAsync(cancellationToken);
            Restored = _source switch
            {
                Folder => await _node.StartFromAsync(_copy, cancellationToken),
                // As after a snapshot of the file system was put back: nothing in the folder shows it, and only the peer can prove it.
                Snapshot => await _node.StartFromAsync(_copy, cancellationToken, "--moved"),
                _ => await _node.RestoreAsync(_copy, _words, cancellationToken),
            };
            Assert.Equal(_node.Id, Restored.Id);
        }

        /// <summary>Nobody told it whom to dial: it knows.</summary>
        internal async Task WaitForCloseAsync(CancellationToken cancellationToken)
        {
            await _peer.WaitAsync("channel_closed", cancellationToken, _eventsBefore, ("channel_id", _channelId));
            // LDK may close at the first of them, and the second come after.
            LightningMessage[] first;
            for (var patience = 0; ; patience++)
            {
                first = [.. _relay.Seen.Skip(_seen).Where(static one => one.FromUs).Select(static one => one.Message).Take(2)];
                if (first.Length == 2)
                    break;
                Assert.True(patience < 6000, "The restored node does not speak.");
                await Task.Delay(20, cancellationToken);
            }

            Assert.IsType<ChannelReestablish>(first[0]);
            Assert.IsType<Error>(first[1]);
            var stale = await Restored!.ChannelAsync("state", "stale", cancellationToken);
            Assert.Equal(_channelId, stale.GetProperty("channel_id").GetString());

            // Not even when it is asked to.
            await Restored.TryCallAsync("close", cancellationToken, ("channel", _channelId), ("force", "true"));
        }

        internal async Task<bool> HasMoneyAsync(CancellationToken cancellationToken) => await ConfirmedAsync(cancellationToken) > Ours - 5_000;

        internal async Task CheckAsync(HashSet<string> published, CancellationToken cancellationToken)
        {
            // What is ours in the latest state: fees go off, and what the copy knew does not matter.
            Assert.InRange(await ConfirmedAsync(cancellationToken), Ours - 5_000 + 1, Ours);
            var channel = (await Restored!.CallAsync("channels", cancellationToken)).GetProperty("channels")[0];
            var funding = channel.GetProperty("funding").GetString()!.Split(':');
            Assert.Contains(await SpenderAsync(funding[0], int.Parse(funding[1], System.Globalization.CultureInfo.InvariantCulture), cancellationToken), published);

            // A new channel has keys that no other ever had.
            await Restored.CallAsync("connect", cancellationToken, ("peer", _relay.Address));
            await Restored.CallAsync("open", cancellationToken, ("peer", _peer.Id), ("amount", "100000"));
            var openings = _relay.Seen.Select(static one => one.Message).OfType<OpenChannel>().ToArray();
            Assert.Equal(2, openings.Length);
            var keys = openings.SelectMany(static one => new[] { one.FundingKey, one.RevocationBasepoint, one.PaymentBasepoint, one.DelayedPaymentBasepoint, one.HtlcBasepoint, one.FirstPerCommitmentPoint }).ToArray();
            Assert.Equal(keys.Length, keys.Distinct().Count());
        }

        public async ValueTask DisposeAsync()
        {
            if (Restored is not null)
                await Restored.DisposeAsync();
            await _relay.DisposeAsync();
            await _node.DisposeAsync();
        }

        private long Ours => Coins - Channel + 500_000 - (1_000 * (PaymentsBefore + _age));

        private async Task<long> ConfirmedAsync(CancellationToken cancellationToken) =>
            (await Restored!.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64();

        private async Task CopyAsync(CancellationToken cancellationToken) => _copy = _source switch
        {
            StaticFile => (await _node.CallAsync("backup", cancellationToken, ("file", "channels.backup"))).GetProperty("file").GetString()!,
            _ => _node.Copy(replica: _source is Replica, "copy"),
        };

        private async Task<string> SpenderAsync(string txid, int index, CancellationToken cancellationToken)
        {
            var tip = (await _chain.RpcAsync("getblockcount", cancellationToken)).GetInt32();
            for (var height = tip; height > tip - BlocksMax - 5; height--)
            {
                var block = await _chain.RpcAsync("getblock", cancellationToken, (await _chain.RpcAsync("getblockhash", cancellationToken, height)).GetString(), 2);
                foreach (var transaction in block.GetProperty("tx").EnumerateArray())
                {
                    if (transaction.GetProperty("vin").EnumerateArray().Any(input => input.Has("txid", txid) && input.GetProperty("vout").GetInt32() == index))
                        return transaction.GetProperty("txid").GetString()!;
                }
            }

            return "nobody";
        }
    }
}
