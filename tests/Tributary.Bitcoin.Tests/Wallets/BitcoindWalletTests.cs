using System.Text.Json.Nodes;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Chain.Bitcoind;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Tests.Wallets.Contract;
using Tributary.Bitcoin.Wallets;
using Tributary.Primitives.Amounts;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Tests.Wallets;

/// <summary>The wallet on a real bitcoind, whose own wallet watches the same descriptors and must say the same at every step.</summary>
public sealed class BitcoindWalletTests(BitcoindFixture fixture) : WalletContract
{
    private readonly Dictionary<string, string> _watched = new(StringComparer.Ordinal);

    [Fact]
    public async Task A_source_that_is_away_shows_as_not_synced_and_never_as_empty()
    {
        await using var harness = await WalletHarness.CreateAsync(Driver, seed: 20);
        await harness.ReceiveAsync(600_000);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: 600_000);

        await Driver.GoAwayAsync(Cancellation);
        await harness.UntilAsync(static wallet => !wallet.Status.IsSynced, "Not being synced");
        Assert.Equal(600_000, harness.Wallet.Balance.Confirmed.Value);
        Assert.NotNull(harness.Wallet.Status.Problem);
        await harness.RestartAsync();
        Assert.False(harness.Wallet.Status.IsSynced);
        Assert.Equal(600_000, harness.Wallet.Balance.Confirmed.Value);
        Assert.Single(harness.Wallet.ListUnspent());

        await Driver.ComeBackAsync(Cancellation);
        await ExpectAsync(harness, confirmed: 600_000);
        await harness.ReceiveAsync(100_000);
        await ExpectAsync(harness, confirmed: 600_000, untrusted: 100_000);
    }

    protected override async Task<ChainDriver> StartAsync(CancellationToken cancellationToken) =>
        new BitcoindDriver(await fixture.StartAsync([], cancellationToken), new CoinStore());

    protected override async Task<long> MineToAsync(Script script)
    {
        var node = ((BitcoindDriver)Driver).Node;
        var hash = (await node.RpcAsync("generatetodescriptor", Cancellation, 1, $"raw({script.ToHex()})"))[0].GetString();
        var reward = (await node.RpcAsync("getblock", Cancellation, hash, 2)).GetProperty("tx")[0].GetProperty("vout")[0].GetProperty("value").GetRawText();
        Assert.True(Satoshis.TryParseBitcoin(reward, out var amount));
        return amount.Value;
    }

    protected override async Task CompareAsync(Wallet wallet)
    {
        var node = ((BitcoindDriver)Driver).Node;
        var name = await WatchAsync(node, wallet);

        // bitcoind's wallet hears of blocks and mempool a little later than its RPC server.
        await node.WalletRpcAsync(name, "syncwithvalidationinterfacequeue", Cancellation);
        var balances = (await node.WalletRpcAsync(name, "getbalances", Cancellation)).GetProperty("mine");
        var ours = wallet.Balance;
        Assert.Equal(
            $"{(ours.Confirmed + ours.TrustedPending).Value} {ours.UntrustedPending.Value} {ours.Immature.Value}",
            $"{Amount(balances, "trusted")} {Amount(balances, "untrusted_pending")} {Amount(balances, "immature")}");

        var unspent = (await node.WalletRpcAsync(name, "listunspent", Cancellation, 0)).EnumerateArray()
            .Select(static coin => $"{coin.GetProperty("txid").GetString()}:{coin.GetProperty("vout").GetInt32()} {coin.GetProperty("amount").GetRawText()} {coin.GetProperty("confirmations").GetInt32()}")
            .Order(StringComparer.Ordinal);
        var ownUnspent = wallet.ListUnspent().Where(static coin => !coin.IsImmature)
            .Select(static coin => $"{coin.OutPoint} {coin.Output.Value.ToBitcoinString()} {coin.Confirmations}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(string.Join('\n', ownUnspent), string.Join('\n', unspent));
    }

    private static long Amount(System.Text.Json.JsonElement balances, string name)
    {
        Assert.True(Satoshis.TryParseBitcoin(balances.GetProperty(name).GetRawText(), out var amount));
        return amount.Value;
    }

    /// <summary>A wallet of bitcoind's that watches the same descriptors.</summary>
    private async Task<string> WatchAsync(BitcoindNode node, Wallet wallet)
    {
        var key = string.Join(',', wallet.Descriptors);
        if (_watched.TryGetValue(key, out var name))
        {
            // It does not load itself again when bitcoind restarts.
            var loaded = (await node.RpcAsync("listwallets", Cancellation)).EnumerateArray().Any(one => string.Equals(one.GetString(), name, StringComparison.Ordinal));
            if (!loaded)
                await node.RpcAsync("loadwallet", Cancellation, name);
            return name;
        }

        name = $"watch{_watched.Count}";
        _watched.Add(key, name);
        await node.RpcAsync("createwallet", Cancellation, name, true, true, "", false, true);
        var imports = new JsonArray();
        for (var i = 0; i < wallet.Descriptors.Count; i++)
        {
            imports.Add(new JsonObject
            {
                ["desc"] = wallet.Descriptors[i],
                ["timestamp"] = 0,
                ["range"] = new JsonArray(0, 100),
                ["internal"] = i % 2 == 1,
                ["active"] = false,
            });
        }

        var results = await node.WalletRpcAsync(name, "importdescriptors", Cancellation, imports);
        Assert.All(results.EnumerateArray(), static result => Assert.True(result.GetProperty("success").GetBoolean(), result.GetRawText()));
        return name;
    }
}
