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
        int coins = 2,
        bool opens = true,
        bool trusts = false)
    {
        var chain = await bitcoind.StartAsync(chainArguments ?? [], cancellationToken);
        var peer = await ldk.StartAsync(chain, 1, settings, cancellationToken);
        var ours = await TributaryNode.StartAsync(chain, cancellationToken, coins, arguments: trusts ? ["--trust", peer.Id] : []);
        var pair = new ChannelPair(chain, ours, peer, hasRelay ? await MessageRelay.StartAsync(ours, peer, cancellationToken) : null);
        await pair.ConnectAsync(cancellationToken);
        if (opens)
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
        var count = await Ldk.EventCountAsync(cancellationToken);
        await ProposeAsync(weOpen, cancellationToken);
        await MineAsync(6, cancellationToken);
        var ready = await Ldk.WaitAsync("channel_ready", cancellationToken, count);
        await BecomesUsableAsync(ready.GetProperty("channel_id").GetString()!, cancellationToken);
    }

    /// <summary>Opens one more channel: its funding is in the mempool, and no block has come.</summary>
    internal async Task ProposeAsync(bool weOpen, CancellationToken cancellationToken)
    {
        await Ldk.WaitForHeightAsync((await Chain.RpcAsync("getblockcount", cancellationToken)).GetInt32(), cancellationToken);
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
        }

        await UntilMempoolAsync(1, cancellationToken);
    }

    /// <summary>Waits until a channel can be used, and looks at it from then on.</summary>
    internal async Task BecomesUsableAsync(string channelId, CancellationToken cancellationToken)
    {
        ChannelId = channelId;
        await Ours.WaitAsync("channels", report => report.GetProperty("channels").EnumerateArray().Any(channel => channel.Has("channel_id", ChannelId) && channel.GetProperty("usable").GetBoolean()), cancellationToken);
    }

    /// <summary>Waits until so many transactions are in the mempool.</summary>
    internal async Task UntilMempoolAsync(int count, CancellationToken cancellationToken)
    {
        for (var patience = 0; (await Chain.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength() < count; patience++)
        {
            if (patience > 3000)
                throw new TimeoutException($"{count} transactions do not come: {await Ours.CallAsync("channels", cancellationToken)}; {await Ours.CallAsync("events", cancellationToken)}");
            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>What spends the channel's funding in the mempool, or null.</summary>
    internal async Task<string?> PendingCloseAsync(CancellationToken cancellationToken)
    {
        var funding = (await ReportAsync(cancellationToken)).GetProperty("funding").GetString()!.Split(':');
        var outPoint = new JsonObject { ["txid"] = funding[0], ["vout"] = int.Parse(funding[1], CultureInfo.InvariantCulture) };
        var found = await Chain.RpcAsync("gettxspendingprevout", cancellationToken, new JsonArray(outPoint));
        return found[0].TryGetProperty("spendingtxid", out var id) ? id.GetString() : null;
    }

    /// <summary>Makes a block with nothing in it.</summary>
    internal async Task MineEmptyAsync(CancellationToken cancellationToken)
    {
        var address = (await Chain.WalletRpcAsync(LdkPeer.WalletName, "getnewaddress", cancellationToken, "", "bech32")).GetString()!;
        await Chain.RpcAsync("generateblock", cancellationToken, address, new JsonArray());
        var height = (await Chain.RpcAsync("getblockcount", cancellationToken)).GetInt32();
        await Ours.WaitForHeightAsync(height, cancellationToken);
        await Ldk.WaitForHeightAsync(height, cancellationToken);
    }

    /// <summary>What our wallet holds in blocks, in satoshis.</summary>
    internal async Task<long> ConfirmedAsync(CancellationToken cancellationToken) =>
        (await Ours.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64();

    /// <summary>Waits until something in the mempool spends an output of this payment of two outputs: what the peer sends after a close comes at its own time, before or after.</summary>
    internal async Task UntilMempoolSpendsAsync(string transaction, CancellationToken cancellationToken)
    {
        for (var patience = 0; patience <= 3000; patience++)
        {
            var outPoints = new JsonArray([.. Enumerable.Range(0, 2).Select(output => new JsonObject { ["txid"] = transaction, ["vout"] = output })]);
            var spends = await Chain.RpcAsync("gettxspendingprevout", cancellationToken, outPoints);
            if (spends.EnumerateArray().Any(static one => one.TryGetProperty("spendingtxid", out _)))
                return;
            await Task.Delay(20, cancellationToken);
        }

        throw new TimeoutException($"Nothing in the mempool spends {transaction}: {await Ours.CallAsync("channels", cancellationToken)}; {await Ours.CallAsync("events", cancellationToken)}");
    }

    /// <summary>Takes the last blocks back and makes one more in their place, empty: their transactions are in the mempool again.</summary>
    internal async Task ReorganiseAsync(int blocks, CancellationToken cancellationToken)
    {
        var height = (await Chain.RpcAsync("getblockcount", cancellationToken)).GetInt32();
        var first = (await Chain.RpcAsync("getblockhash", cancellationToken, height - blocks + 1)).GetString();
        await Chain.RpcAsync("invalidateblock", cancellationToken, first);
        var address = (await Chain.WalletRpcAsync(LdkPeer.WalletName, "getnewaddress", cancellationToken, "", "bech32")).GetString()!;
        for (var i = 0; i <= blocks; i++)
            await Chain.RpcAsync("generateblock", cancellationToken, address, new JsonArray());

        await Ours.WaitForHeightAsync(height + 1, cancellationToken);
        await Ldk.WaitForHeightAsync(height + 1, cancellationToken);
    }

    /// <summary>The same, and a transaction of theirs will never come again: its inputs are spent otherwise.</summary>
    internal async Task ReorganiseWithoutAsync(string txid, int blocks, CancellationToken cancellationToken)
    {
        var transaction = await Chain.RpcAsync("getrawtransaction", cancellationToken, txid, true);
        var height = (await Chain.RpcAsync("getblockcount", cancellationToken)).GetInt32();
        var first = (await Chain.RpcAsync("getblockhash", cancellationToken, height - blocks + 1)).GetString();
        var inputs = new JsonArray([.. transaction.GetProperty("vin").EnumerateArray().Select(static input => (JsonNode)new JsonObject { ["txid"] = input.GetProperty("txid").GetString(), ["vout"] = input.GetProperty("vout").GetInt32() })]);
        var address = (await Chain.WalletRpcAsync(LdkPeer.WalletName, "getnewaddress", cancellationToken, "", "bech32")).GetString()!;
        var sum = transaction.GetProperty("vout").EnumerateArray().Sum(static output => output.GetProperty("value").GetDecimal());
        var raw = (await Chain.RpcAsync("createrawtransaction", cancellationToken, inputs, new JsonObject { [address] = sum - 0.001m })).GetString();
        await Chain.RpcAsync("invalidateblock", cancellationToken, first);
        var signed = (await Chain.WalletRpcAsync(LdkPeer.WalletName, "signrawtransactionwithwallet", cancellationToken, raw)).GetProperty("hex").GetString();
        await Chain.RpcAsync("generateblock", cancellationToken, address, new JsonArray(signed));
        for (var i = 0; i < blocks; i++)
            await Chain.RpcAsync("generateblock", cancellationToken, address, new JsonArray());
        await Ours.WaitForHeightAsync(height + 1, cancellationToken);
        await Ldk.WaitForHeightAsync(height + 1, cancellationToken);
    }

    /// <summary>Mines, and waits until both have seen it.</summary>
    internal async Task MineAsync(int count, CancellationToken cancellationToken)
    {
        var height = await Mine.BlocksAsync(Chain, count, cancellationToken);
        await Ours.WaitForHeightAsync(height, cancellationToken);
        await Ldk.WaitForHeightAsync(height, cancellationToken);
    }

    /// <summary>Waits until no HTLC is left in our view of the channel: what each side has is certain then.</summary>
    internal Task SettledAsync(CancellationToken cancellationToken) => Ours.WaitAsync(
        "channels", report => report.GetProperty("channels").EnumerateArray().Any(channel => channel.Has("channel_id", ChannelId) && channel.GetProperty("htlcs").GetInt32() == 0), cancellationToken);

    /// <summary>
    /// Mines blocks one by one, or some at a time, with time for both to act on each, until something holds. On a slow machine blocks come faster than
    /// what is to be in them: towards the last ones there is ever more time.
    /// </summary>
    internal async Task MineUntilAsync(Func<Task<bool>> holds, CancellationToken cancellationToken, int max = 250, int step = 1)
    {
        for (var i = 0; i < max; i += step)
        {
            if (await holds())
                return;
            await MineAsync(step, cancellationToken);
            await Mine.PauseAsync(Chain, holds, i, max, cancellationToken);
        }

        if (await holds())
            return;
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
