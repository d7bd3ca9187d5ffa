using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Payments.Reconciliation;
using Tributary.Server.Nodes;
using Tributary.Server.Payments;

namespace Tributary.Server.Tests.Nodes;

/// <summary>Payments to addresses whose keys the server never has.</summary>
public sealed class WatchedWalletTests : IDisposable
{
    private const string Key = "tpubD6NzVbkrYhZ4XgiXtGrdW5XDAPFCL9h7we1vwNCpn8tGbBcgfVYjXyhWo4E1xkh56hjod1RhGjxbaTLV3X4FyWuejifB9jusQ46QzG87VKp";

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

    private static async Task<string> PaidAsync(WebApplication app)
    {
        var (id, address) = await OfferAsync(app);
        await PostAsync(app, $"/v1/test_helpers/payment_intents/{id}/pay", "");
        await PostAsync(app, "/v1/test_helpers/blocks", "count=1");
        while (true)
        {
            using var client = Client(app);
            using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri($"/v1/payment_intents/{id}", UriKind.Relative), Cancelled));
            if (document.RootElement.GetProperty("status").GetString() is "succeeded")
                return address;
            await Task.Delay(20, Cancelled);
        }
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
