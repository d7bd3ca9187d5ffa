using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>Our node and an LDK node with a channel between them, on a bitcoind of their own.</summary>
internal sealed class ChannelPair : IAsyncDisposable
{
    private ChannelPair(BitcoindNode chain, TributaryNode ours, LdkPeer ldk, MessageRelay? relay)
    {
        Chain = chain;
        Ours = ours;
        Ldk = ldk;
        Relay = relay;
    }

    internal BitcoindNode Chain { get; }

    internal TributaryNode Ours { get; }

    internal LdkPeer Ldk { get; }

    /// <summary>What stands between the two, if something does.</summary>
    internal MessageRelay? Relay { get; }

    /// <summary>The channel that both can use.</summary>
    internal string ChannelId { get; private set; } = "";

    /// <summary>Starts both and opens a channel of a million satoshis, 400,000 of them on the other side than the opener's.</summary>
    internal static async Task<ChannelPair> StartAsync(
        BitcoindFixture bitcoind,
        LdkFixture ldk,
        bool weOpen,
        CancellationToken cancellationToken,
        JsonObject? settings = null,
        bool hasRelay = false,
        IReadOnlyList<string>? chainArguments = null,
        int coins = 2)
    {
        var chain = await bitcoind.StartAsync(chainArguments ?? [], cancellationToken);
        var peer = await ldk.StartAsync(chain, 1, settings, cancellationToken);
        var ours = await TributaryNode.StartAsync(chain, cancellationToken, coins);
        var pair = new ChannelPair(chain, ours, peer, hasRelay ? await MessageRelay.StartAsync(ours, peer, cancellationToken) : null);
        await pair.ConnectAsync(cancellationToken);
        await pair.OpenAsync(weOpen, cancellationToken);
        return pair;
    }

    /// <summary>Our node dials LDK.</summary>
    internal Task<JsonElement> ConnectAsync(CancellationToken cancellationToken) =>
        Ours.CallAsync("connect", cancellationToken, ("peer", Relay?.Address ?? Ldk.Address));

    /// <summary>Our view of the channel.</summary>
    internal async Task<JsonElement> ReportAsync(CancellationToken cancellationToken) =>
        (await Ours.CallAsync("channels", cancellationToken)).GetProperty("channels").EnumerateArray().First(channel => channel.Has("channel_id", ChannelId));

    /// <summary>Opens one more channel, and waits until it can be used.</summary>
    internal async Task OpenAsync(bool weOpen, CancellationToken cancellationToken)
    {
        await Ldk.WaitForHeightAsync((await Chain.RpcAsync("getblockcount", cancellationToken)).GetInt32(), cancellationToken);
        var count = await Ldk.EventCountAsync(cancellationToken);
        if (weOpen)
        {
            await Ours.CallAsync("open", cancellationToken, ("peer", Ldk.Id), ("amount", "1000000"), ("push", "400000"));
        }
        else
        {
            // It may hear of the connection a moment later.
            while (!(await Ldk.CommandAsync("peers", cancellationToken)).EnumerateArray().Any(peer => string.Equals(peer.GetString(), Ours.Id, StringComparison.Ordinal)))
                await Task.Delay(20, cancellationToken);
            await Ldk.CommandAsync("open", cancellationToken, ("id", Ours.Id), ("sat", 1_000_000), ("push_msat", 400_000_000));
            await Ldk.WaitAsync("channel_pending", cancellationToken, count);
            while ((await Chain.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength() == 0)
                await Task.Delay(20, cancellationToken);
        }

        await MineAsync(6, cancellationToken);
        var ready = await Ldk.WaitAsync("channel_ready", cancellationToken, count);
        ChannelId = ready.GetProperty("channel_id").GetString()!;
        await Ours.WaitAsync("channels", report => report.GetProperty("channels").EnumerateArray().Any(channel => channel.Has("channel_id", ChannelId) && channel.GetProperty("usable").GetBoolean()), cancellationToken);
    }

    /// <summary>Mines, and waits until both have seen it.</summary>
    internal async Task MineAsync(int count, CancellationToken cancellationToken)
    {
        var height = await Mine.BlocksAsync(Chain, count, cancellationToken);
        await Ours.WaitForHeightAsync(height, cancellationToken);
        await Ldk.WaitForHeightAsync(height, cancellationToken);
    }

    /// <summary>Mines blocks one by one, with time for both to act on each, until something holds.</summary>
    internal async Task MineUntilAsync(Func<Task<bool>> holds, CancellationToken cancellationToken, int max = 250)
    {
        for (var i = 0; i < max; i++)
        {
            if (await holds())
                return;
            await MineAsync(1, cancellationToken);
            await Task.Delay(60, cancellationToken);
        }

        throw new TimeoutException($"It does not come within {max} blocks: {await Ours.CallAsync("channels", cancellationToken)}; {await Ours.CallAsync("events", cancellationToken)}");
    }

    /// <summary>We pay an invoice of LDK's.</summary>
    internal async Task<JsonElement> WePayAsync(long millisatoshis, CancellationToken cancellationToken)
    {
        var invoice = await Ldk.CommandAsync("invoice", cancellationToken, ("msat", millisatoshis));
        return await Ours.CallAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()!));
    }

    /// <summary>LDK pays an invoice of ours, and has the preimage when this returns.</summary>
    internal async Task<JsonElement> LdkPaysAsync(long millisatoshis, CancellationToken cancellationToken)
    {
        var invoice = await Ours.CallAsync("invoice", cancellationToken, ("amount", millisatoshis.ToString(CultureInfo.InvariantCulture)));
        var count = await Ldk.EventCountAsync(cancellationToken);
        await Ldk.CommandAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()));
        return await Ldk.WaitAsync("sent", cancellationToken, count, ("payment_hash", invoice.GetProperty("payment_hash").GetString()));
    }

    /// <summary>How a payment of ours stands.</summary>
    internal async Task<string> PaymentStateAsync(string hash, CancellationToken cancellationToken) =>
        (await Ours.CallAsync("payments", cancellationToken)).GetProperty("payments").EnumerateArray()
            .Where(payment => payment.Has("payment_hash", hash)).Select(static payment => payment.GetProperty("state").GetString()!).FirstOrDefault() ?? "unknown";

    public async ValueTask DisposeAsync()
    {
        if (Relay is not null)
            await Relay.DisposeAsync();
        await Ours.DisposeAsync();
        await Ldk.DisposeAsync();
        await Chain.DisposeAsync();
    }
}
