using System.Diagnostics;
using System.Net;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Reports;
using Tributary.Primitives.Amounts;
using Tributary.Storage.Files;
using Tributary.Testing.Network;

namespace Tributary.Lightning.Tests.Node;

/// <summary>Whole nodes in one process: an embedded chain in memory that mines when told, sockets of the loopback interface.</summary>
internal sealed class NodeNetwork : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private static readonly Script s_nobody = new(new byte[] { 0x51 });

    private readonly List<WholeNode> _nodes = [];

    private NodeNetwork(EmbeddedChain chain) => Chain = chain;

    internal EmbeddedChain Chain { get; }

    internal int Height => Chain.Status.Tip!.Value.Height;

    internal static async Task<NodeNetwork> StartAsync(CancellationToken cancellationToken)
    {
        var network = new NodeNetwork(EmbeddedChain.Open(new EmbeddedChainOptions(), TimeProvider.System).Value);
        await network.MineAsync(1, cancellationToken);
        return network;
    }

    /// <summary>A new node that runs, with confirmed coins.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="change">Of its options.</param>
    /// <param name="coins">Block rewards that its wallet gets.</param>
    /// <param name="disk">Where its log is; null for memory.</param>
    internal async Task<WholeNode> AddAsync(CancellationToken cancellationToken, Func<NodeOptions, NodeOptions>? change = null, int coins = 2, IStorageDirectory? disk = null)
    {
        var options = new NodeOptions(BitcoinNetwork.Regtest) { Listen = new IPEndPoint(IPAddress.Loopback, FreePort.Next()) };
        var node = await WholeNode.CreateAsync(this, change is null ? options : change(options), _nodes.Count + 1, cancellationToken, disk);
        _nodes.Add(node);
        if (coins > 0)
        {
            var address = (await node.Lightning.NewAddressAsync(cancellationToken)).Value;
            _ = (await Chain.MineAsync(coins, address.ScriptPubKey, cancellationToken)).Value;
            await MineAsync(100, cancellationToken);
        }

        return node;
    }

    /// <summary>Mines blocks to nobody, and waits until all nodes have looked through them.</summary>
    internal async Task MineAsync(int blocks, CancellationToken cancellationToken)
    {
        _ = (await Chain.MineAsync(blocks, s_nobody, cancellationToken)).Value;
        await SyncAsync(cancellationToken);
    }

    /// <summary>Waits until all nodes and their wallets are at the tip.</summary>
    internal async Task SyncAsync(CancellationToken cancellationToken)
    {
        foreach (var node in _nodes.Where(static node => node.IsRunning))
        {
            await UntilAsync(
                async () => (await node.Lightning.GetInfoAsync(cancellationToken)) is { IsSynced: true } info && info.Height == Height && node.Wallet.Status.Tip?.Height == Height,
                "being synced",
                cancellationToken);
        }
    }

    /// <summary>A channel that both sides can use.</summary>
    internal async Task OpenAsync(WholeNode from, WholeNode to, long satoshis, CancellationToken cancellationToken, long push = 0, bool isPrivate = false)
    {
        _ = (await from.Lightning.ConnectAsync(to.Address, cancellationToken)).Value;
        var request = new OpenChannelRequest(to.Id, new Satoshis(satoshis)) { Push = new Satoshis(push), IsPrivate = isPrivate };
        var opening = await from.Lightning.OpenChannelAsync(request, cancellationToken);
        Trace.Assert(opening.IsOk, $"The channel does not open: {(opening.TryGet(out _, out var refusal) ? "" : refusal.ToString())}");
        await MineAsync(6, cancellationToken);
        foreach (var node in new[] { from, to })
            await UntilAsync(async () => (await node.Lightning.ListChannelsAsync(cancellationToken)).Any(channel => channel.Id == opening.Value.Channel && channel.IsUsable), "a usable channel", cancellationToken);
    }

    /// <summary>Waits for something that a node reports.</summary>
    internal static async Task UntilAsync(Func<Task<bool>> holds, string what, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            if (waited.Elapsed > s_patience)
                throw new TimeoutException($"{what} does not come about");
            await Task.Delay(5, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await Chain.DisposeAsync();
    }
}
