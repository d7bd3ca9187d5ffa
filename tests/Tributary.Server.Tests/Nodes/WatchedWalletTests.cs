using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Descriptors;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Payments.Reconciliation;
using Tributary.Primitives.Amounts;
using Tributary.Server.Demo;
using Tributary.Server.Nodes;
using Tributary.Server.Payments;

namespace Tributary.Server.Tests.Nodes;

/// <summary>Payments to addresses whose keys the server never has.</summary>
public sealed class WatchedWalletTests : IDisposable
{
    private const string Key = "tpubD6NzVbkrYhZ4XgiXtGrdW5XDAPFCL9h7we1vwNCpn8tGbBcgfVYjXyhWo4E1xkh56hjod1RhGjxbaTLV3X4FyWuejifB9jusQ46QzG87VKp";

    private const string SignerKey = "tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK";

    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-watched-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Payments_are_seen_at_addresses_of_an_extended_public_key_and_the_books_agree()
    {
        var addresses = new List<string>();
        await using (var app = await StartAsync(Key))
        {
            addresses.Add(await PaidAsync(app));
            await BalancedAsync(app);
        }

        // More addresses than a wallet looks ahead, and a restart.
        await using var again = await StartAsync(Key);
        for (var i = 0; i < 25; i++)
            addresses.Add((await OfferAsync(again)).Address);
        addresses.Add(await PaidAsync(again));
        Assert.Equal(27, addresses.Distinct(StringComparer.Ordinal).Count());
        await BalancedAsync(again);
    }

    [Fact]
    public async Task A_refund_waits_for_the_signature_that_is_made_elsewhere_and_is_sent_once_it_has_it()
    {
        using var signer = Descriptor.Parse($"wpkh({SignerKey}/<0;1>/*)", BitcoinNetwork.Regtest).Value;
        await using var app = await StartAsync(signer.ToString());
        var (id, _) = await PayAsync(app);
        var destination = (await app.Services.GetRequiredService<IDemoWallet>().NewAddressAsync(Cancelled)).Value.ToString();
        var refund = (await PostAsync(app, "/v1/refunds", $"payment_intent={id}&amount=2000&tributary[destination]={destination}")).GetProperty("id").GetString()!;
        var waiting = await WaitAsync(app, refund, "requires_action");
        var path = waiting.GetProperty("tributary").GetProperty("psbt").GetString()!;
        var order = await GetAsync(app, path);
        Assert.Equal((refund, destination), (order.GetProperty("refund").GetString(), order.GetProperty("destination").GetString()));
        Assert.Single((await GetAsync(app, "/v1/psbts")).GetProperty("data").EnumerateArray());
        await BalancedAsync(app);

        // Nothing, what is not signed, and what pays somebody else are sent back.
        var asked = order.GetProperty("psbt").GetString()!;
        Assert.Equal("psbt_invalid", await RefusedAsync(app, path, "garbage"));
        Assert.Equal("psbt_incomplete", await RefusedAsync(app, path, asked));
        var psbt = PartiallySignedTransaction.ParseBase64(asked).Value;
        var unsigned = psbt.UnsignedTransaction;
        var other = PartiallySignedTransaction.Create(
            Transaction.Create(unsigned.Version, [.. unsigned.Inputs], [.. unsigned.Outputs.Reverse(), new TxOut(new Satoshis(1000), unsigned.Output(0).ScriptPubKey)], unsigned.LockTime)).Value;
        Assert.Equal("psbt_differs", await RefusedAsync(app, path, other.ToBase64()));

        using var master = ExtendedPrivateKey.Parse(SignerKey).Value;
        var signed = PsbtSigner.Sign(psbt, new HierarchicalKeySource(master), SystemEntropy.Instance).Value.Psbt.ToBase64();
        var handed = await PostAsync(app, path, "psbt=" + Uri.EscapeDataString(signed));
        Assert.Equal("signed", handed.GetProperty("status").GetString());
        Assert.Equal(handed.GetRawText(), (await PostAsync(app, path, "psbt=" + Uri.EscapeDataString(signed))).GetRawText());
        var sent = await WaitAsync(app, refund, "succeeded");
        Assert.Equal(handed.GetProperty("txid").GetString(), sent.GetProperty("destination_details").GetProperty("crypto").GetProperty("reference").GetString());
        Assert.Empty((await GetAsync(app, "/v1/psbts")).GetProperty("data").EnumerateArray());
        await PostAsync(app, "/v1/test_helpers/blocks", "count=1");
        await BalancedAsync(app);
    }

    [Theory]
    [InlineData("tpubbroken")]
    [InlineData("wpkh(03a34b99f22c790c4e36b2b3c2c35a36db06226e41c692fc82b8b56ac1c540c5bd)")]
    [InlineData("wpkh(tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK/*)")]
    public async Task What_cannot_be_watched_is_refused_by_name(string descriptor)
    {
        var refused = await ServerHost.BuildAsync(Options(descriptor), TimeProvider.System, Cancelled);
        Assert.Equal("--onchain-descriptor", refused.Error.Field);
        Assert.DoesNotContain("tprv", refused.Error.Reason, StringComparison.Ordinal);
    }

    private ServerOptions Options(string descriptor) => new(0, _folder, BitcoinNetwork.Regtest) { OnChainDescriptor = descriptor };

    private async Task<WebApplication> StartAsync(string descriptor)
    {
        var app = (await ServerHost.BuildAsync(Options(descriptor), TimeProvider.System, Cancelled)).Value;
        await app.StartAsync(Cancelled);
        await app.Services.GetRequiredService<MerchantNode>().Opening.WaitAsync(Cancelled);
        await app.Services.GetRequiredService<ReceivingWallet>().Wallet.WaitAsync(Cancelled);
        return app;
    }

    private static async Task<string> PaidAsync(WebApplication app) => (await PayAsync(app)).Address;

    private static async Task<(string Id, string Address)> PayAsync(WebApplication app)
    {
        var (id, address) = await OfferAsync(app);
        await PostAsync(app, $"/v1/test_helpers/payment_intents/{id}/pay", "");
        await PostAsync(app, "/v1/test_helpers/blocks", "count=1");
        while ((await GetAsync(app, $"/v1/payment_intents/{id}")).GetProperty("status").GetString() is not "succeeded")
            await Task.Delay(20, Cancelled);
        return (id, address);
    }

    private static async Task<JsonElement> WaitAsync(WebApplication app, string refund, string status)
    {
        while (true)
        {
            var now = await GetAsync(app, $"/v1/refunds/{refund}");
            if (string.Equals(now.GetProperty("status").GetString(), status, StringComparison.Ordinal))
                return now;
            await Task.Delay(20, Cancelled);
        }
    }

    private static async Task<JsonElement> GetAsync(WebApplication app, string path)
    {
        using var client = Client(app);
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancelled));
        return document.RootElement.Clone();
    }

    private static async Task<string> RefusedAsync(WebApplication app, string path, string psbt)
    {
        using var client = Client(app);
        using var content = new StringContent("psbt=" + Uri.EscapeDataString(psbt), new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, Cancelled);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.False(answer.IsSuccessStatusCode);
        return document.RootElement.GetProperty("error").GetProperty("code").GetString()!;
    }

    private static async Task<(string Id, string Address)> OfferAsync(WebApplication app)
    {
        var intent = await PostAsync(app, "/v1/payment_intents", "amount=5000&currency=eur&confirm=true&payment_method_data[type]=bitcoin");
        var bitcoin = intent.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("bitcoin");
        return (intent.GetProperty("id").GetString()!, bitcoin.GetProperty("address").GetString()!);
    }

    private static async Task BalancedAsync(WebApplication app)
    {
        ReconciliationReport report;
        var tries = 0;
        do
        {
            report = await app.Services.GetRequiredService<Reconciler>().RunAsync(Cancelled);
        }
        while (report.Outcome == ReconciliationOutcome.Busy && ++tries < 20);
        Assert.True(report.Outcome == ReconciliationOutcome.Balanced, string.Join(" ", report.Problems));
    }

    private static HttpClient Client(WebApplication app)
    {
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Services.GetRequiredService<TestAccess>().SecretKey);
        return client;
    }

    private static async Task<JsonElement> PostAsync(WebApplication app, string path, string form)
    {
        using var client = Client(app);
        using var content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, Cancelled);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.True(answer.IsSuccessStatusCode, document.RootElement.GetRawText());
        return document.RootElement.Clone();
    }
}
