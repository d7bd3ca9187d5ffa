using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Payments.Reconciliation;
using Tributary.Server.Modes;
using Tributary.Server.Payments;
using Tributary.Testing.Bitcoind;

namespace Tributary.Server.Interop.Tests;

/// <summary>The server on a real bitcoind, paid by bitcoind's own wallet.</summary>
public sealed class BitcoindShopTests(BitcoindFixture bitcoind) : IDisposable
{
    private const string Payer = "payer";
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-bitcoind-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_payment_is_seen_settled_taken_back_by_a_reorganisation_and_replaced_by_its_sender()
    {
        var node = await bitcoind.StartAsync([], Token);
        await FundAsync(node);
        await using var app = await StartAsync(node);
        using var client = Client(app);
        var intent = await PostAsync(client, "/v1/payment_intents", "amount=5000&currency=eur&confirm=true&payment_method_data[type]=bitcoin");
        var id = intent.GetProperty("id").GetString()!;
        var offer = intent.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("bitcoin");
        Assert.Equal("83334000", offer.GetProperty("amount_msat").GetString());
        var txId = (await node.WalletRpcAsync(Payer, "sendtoaddress", Token, offer.GetProperty("address").GetString(), "0.00083334")).GetString()!;
        await WaitAsync(client, id, "processing");
        var block = await MineAsync(node, 1);
        await WaitAsync(client, id, "succeeded");
        await BalancedAsync(app);

        await node.RpcAsync("invalidateblock", Token, block);
        await WaitAsync(client, id, "processing");
        await ReplaceAsync(node, txId);
        await MineAsync(node, 2);
        await WaitAsync(client, id, "requires_action", "requires_payment_method");
        await BalancedAsync(app);
    }

    [Fact]
    public async Task Lightning_and_its_demo_wallet_work_on_bitcoinds_chain()
    {
        var node = await bitcoind.StartAsync([], Token);
        await using (var app = await StartAsync(node))
        {
            using var client = Client(app);
            await PaidAsync(client);
            await BalancedAsync(app);
        }

        await using var again = await StartAsync(node);
        using var shop = Client(again);
        await PaidAsync(shop);
        await BalancedAsync(again);
    }

    [Fact]
    public async Task Live_keys_are_paid_on_bitcoinds_chain_while_test_keys_stay_on_the_embedded_one()
    {
        var node = await bitcoind.StartAsync([], Token);
        await FundAsync(node);
        var live = new ServerOptions(0, Path.Combine(_folder, "live"), BitcoinNetwork.Regtest) { BitcoindUrl = node.RpcAddress, BitcoindCookieFile = node.CookiePath };
        await using var app = (await ServerHost.BuildAsync(new ServerOptions(0, _folder, BitcoinNetwork.Regtest) { Live = live }, TimeProvider.System, Token)).Value;
        await app.StartReadyAsync(Token);
        using var test = Client(app);
        using var client = Client(app);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Services.GetRequiredService<LiveAccess>().SecretKey);

        var intent = await PostAsync(client, "/v1/payment_intents", "amount=5000&currency=eur&confirm=true&payment_method_data[type]=bitcoin");
        var id = intent.GetProperty("id").GetString()!;
        var address = intent.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("bitcoin").GetProperty("address").GetString();
        await node.WalletRpcAsync(Payer, "sendtoaddress", Token, address, "0.00083334");
        await WaitAsync(client, id, "processing");
        await MineAsync(node, 1);
        await WaitAsync(client, id, "succeeded");

        await LimitedAsync(app, client, id);

        // The demo wallet pays test intents on the embedded chain meanwhile; both books agree with their own world.
        await PaidAsync(test);
        await BalancedAsync(app);
        await HealthyAsync(client);
        var balance = JsonDocument.Parse(await client.GetStringAsync(new Uri("/v1/balance", UriKind.Relative), Token)).RootElement;
        Assert.True(balance.GetProperty("livemode").GetBoolean());
    }

    // A probe that a busy machine keeps waiting says so, and the next one says otherwise.
    private static async Task HealthyAsync(HttpClient client)
    {
        for (var patience = 0; ; patience++)
        {
            using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), Token);
            if (health.IsSuccessStatusCode)
                return;
            Assert.True(patience < 600, await health.Content.ReadAsStringAsync(Token));
            await Task.Delay(200, Token);
        }
    }

    [Fact]
    public async Task A_refund_of_a_watched_wallet_is_signed_by_bitcoinds_wallet_and_followed_to_its_block()
    {
        const string signer = "signer";
        var node = await bitcoind.StartAsync([], Token);
        await FundAsync(node);
        await node.RpcAsync("createwallet", Token, signer);
        var known = (await node.WalletRpcAsync(signer, "listdescriptors", Token)).GetProperty("descriptors").EnumerateArray().Select(static one => one.GetProperty("desc").GetString()!);
        var receiving = known.Single(static text => text.StartsWith("wpkh(", StringComparison.Ordinal) && text.Contains("/0/*)", StringComparison.Ordinal));
        var options = new ServerOptions(0, _folder, BitcoinNetwork.Regtest)
        {
            BitcoindUrl = node.RpcAddress,
            BitcoindCookieFile = node.CookiePath,
            OnChainDescriptor = receiving[..receiving.IndexOf('#', StringComparison.Ordinal)].Replace("/0/*)", "/<0;1>/*)", StringComparison.Ordinal),
        };
        await using var app = (await ServerHost.BuildAsync(options, TimeProvider.System, Token)).Value;
        await app.StartReadyAsync(Token);
        using var client = Client(app);
        var intent = await PostAsync(client, "/v1/payment_intents", "amount=5000&currency=eur&confirm=true&payment_method_data[type]=bitcoin");
        var id = intent.GetProperty("id").GetString()!;
        var address = intent.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("bitcoin").GetProperty("address").GetString();
        await node.WalletRpcAsync(Payer, "sendtoaddress", Token, address, "0.00083334");
        await WaitAsync(client, id, "processing");
        await MineAsync(node, 1);
        await WaitAsync(client, id, "succeeded");

        var back = (await node.WalletRpcAsync(Payer, "getnewaddress", Token)).GetString()!;
        var refund = (await PostAsync(client, "/v1/refunds", $"payment_intent={id}&amount=2000&tributary[destination]={back}")).GetProperty("id").GetString()!;
        await WaitAsync(client, "/v1/refunds/", refund, ["requires_action"]);
        var order = JsonDocument.Parse(await client.GetStringAsync(new Uri("/v1/psbts", UriKind.Relative), Token)).RootElement.GetProperty("data").EnumerateArray().Single();
        var signed = await node.WalletRpcAsync(signer, "walletprocesspsbt", Token, order.GetProperty("psbt").GetString());
        Assert.True(signed.GetProperty("complete").GetBoolean(), signed.GetRawText());
        await PostAsync(client, "/v1/psbts/" + order.GetProperty("id").GetString(), "psbt=" + Uri.EscapeDataString(signed.GetProperty("psbt").GetString()!));
        await WaitAsync(client, "/v1/refunds/", refund, ["succeeded"]);
        await MineAsync(node, 1);
        Assert.Equal(0.00033334m, (await node.WalletRpcAsync(Payer, "getreceivedbyaddress", Token, back)).GetDecimal(), 6);
        await BalancedAsync(app);
    }

    // A restricted key of live money sends away what its limit allows, whatever is in the wallet.
    private static async Task LimitedAsync(WebApplication app, HttpClient secret, string intent)
    {
        var made = await PostAsync(secret, "/v1/api_keys", "type=restricted&permissions[refunds]=write&spending_limits[btc]=20000");
        using var limited = Client(app);
        limited.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.GetProperty("secret").GetString());
        using var form = new StringContent($"payment_intent={intent}&amount=2000", new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        using var refused = await limited.PostAsync(new Uri("/v1/refunds", UriKind.Relative), form, Token);
        Assert.Contains("spending_limit_exceeded", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var refund = await PostAsync(limited, "/v1/refunds", $"payment_intent={intent}&amount=500");
        Assert.StartsWith("re_live_", refund.GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    private static async Task PaidAsync(HttpClient client)
    {
        var intent = await PostAsync(client, "/v1/payment_intents", "amount=2500&currency=eur&confirm=true&payment_method_data[type]=lightning");
        var paid = await PostAsync(client, $"/v1/test_helpers/payment_intents/{intent.GetProperty("id").GetString()}/pay", "");
        Assert.Equal("succeeded", paid.GetProperty("status").GetString());
    }

    private async Task<WebApplication> StartAsync(BitcoindNode node)
    {
        var options = new ServerOptions(0, _folder, BitcoinNetwork.Regtest) { BitcoindUrl = node.RpcAddress, BitcoindCookieFile = node.CookiePath };
        var app = (await ServerHost.BuildAsync(options, TimeProvider.System, Token)).Value;
        await app.StartReadyAsync(Token);
        return app;
    }

    private static HttpClient Client(WebApplication app)
    {
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(3) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Services.GetRequiredService<TestAccess>().SecretKey);
        return client;
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, string form)
    {
        for (var patience = 0; ; patience++)
        {
            using var content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
            using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, Token);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
            if (answer.IsSuccessStatusCode)
                return document.RootElement.Clone();

            // The live half's node is being opened still.
            Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable && patience < 100, document.RootElement.GetRawText());
            await Task.Delay(500, Token);
        }
    }

    private static Task WaitAsync(HttpClient client, string id, params string[] statuses) => WaitAsync(client, "/v1/payment_intents/", id, statuses);

    private static async Task WaitAsync(HttpClient client, string path, string id, string[] statuses)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri(path + id, UriKind.Relative), patience.Token));
            if (statuses.Contains(document.RootElement.GetProperty("status").GetString(), StringComparer.Ordinal))
                return;
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task BalancedAsync(WebApplication app)
    {
        var reconciler = app.Services.GetRequiredService<Reconciler>();
        ReconciliationReport report;
        var tries = 0;
        do
        {
            report = await reconciler.RunAsync(Token);
        }
        while (report.Outcome == ReconciliationOutcome.Busy && ++tries < 20);
        Assert.True(report.Outcome == ReconciliationOutcome.Balanced, string.Join(" ", report.Problems));
    }

    private static async Task FundAsync(BitcoindNode node)
    {
        await node.RpcAsync("createwallet", Token, Payer);
        await MineAsync(node, 101);
    }

    private static async Task<string> MineAsync(BitcoindNode node, int blocks)
    {
        var address = (await node.WalletRpcAsync(Payer, "getnewaddress", Token)).GetString();
        var mined = await node.RpcAsync("generatetoaddress", Token, blocks, address);
        return mined[mined.GetArrayLength() - 1].GetString()!;
    }

    // The same coin back to the payer, for a much higher fee.
    private static async Task ReplaceAsync(BitcoindNode node, string txId)
    {
        var paid = await node.WalletRpcAsync(Payer, "gettransaction", Token, txId, true, true);
        var input = paid.GetProperty("decoded").GetProperty("vin")[0];
        var spent = await node.WalletRpcAsync(Payer, "gettransaction", Token, input.GetProperty("txid").GetString(), true, true);
        var value = spent.GetProperty("decoded").GetProperty("vout")[input.GetProperty("vout").GetInt32()].GetProperty("value").GetDecimal() - 0.001m;
        var back = (await node.WalletRpcAsync(Payer, "getnewaddress", Token)).GetString()!;
        var inputs = new JsonArray(new JsonObject { ["txid"] = input.GetProperty("txid").GetString(), ["vout"] = input.GetProperty("vout").GetInt32(), ["sequence"] = 1 });
        var outputs = new JsonArray(new JsonObject { [back] = value.ToString(CultureInfo.InvariantCulture) });
        var raw = (await node.RpcAsync("createrawtransaction", Token, inputs, outputs)).GetString();
        var signed = await node.WalletRpcAsync(Payer, "signrawtransactionwithwallet", Token, raw);
        await node.RpcAsync("sendrawtransaction", Token, signed.GetProperty("hex").GetString(), 0);
    }
}
