using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Payments;
using Tributary.Testing.Greenfield;

namespace Tributary.Server.Interop.Tests;

/// <summary>A client of BTCPay's API that was generated for its first versions, unmodified, pointed at our server.</summary>
public sealed class GreenfieldClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-greenfield-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_shop_on_a_foreign_client_runs_on_us()
    {
        var token = TestContext.Current.CancellationToken;
        var built = await ServerHost.BuildAsync(new ServerOptions(0, _folder, BitcoinNetwork.Regtest), TimeProvider.System, token);
        await using var app = built.Value;
        await app.StartReadyAsync(token);
        var access = app.Services.GetRequiredService<TestAccess>();
        var report = await GreenfieldShop.RunAsync(new Uri(app.Urls.Single()), access.GreenfieldKey!, access.StoreId, access.SecretKey, token);

        Gave(report, "server", """[3,true,["BTC-CHAIN","BTC-LN","BTC-LNURL"]]""");
        Gave(report, "health", """{"synchronized":true}""");
        Gave(report, "user", "\"operator\"");
        Gave(report, "key", """["btcpay.store.canviewinvoices:store_main"]""");
        Gave(report, "narrow", "403");
        Gave(report, "ended", "401");
        Gave(report, "stores", "true");
        Gave(report, "renamed", "\"Renamed\"");
        Gave(report, "deleted", "403");
        Gave(report, "invoice", """["12","EUR","New","None",["BTC-CHAIN","BTC-LN"],"Grüner Tee"]""");
        Gave(report, "methods", """[["BTC-CHAIN","60000","0.0002","bcrt1q"],["BTC-LN","60000","0.0002","lnbcrt"]]""");
        Gave(report, "page", "200");
        Gave(report, "settled", """["Settled","None"]""");
        Gave(report, "renamedOrder", "\"order-2\"");
        Gave(report, "marked", "\"Invalid\"");
        Gave(report, "listed", "[true,true]");
        Gave(report, "archived", "1");
        Gave(
            report,
            "heard",
            """["first InvoiceCreated","first InvoicePaymentSettled","first InvoiceProcessing","first InvoiceReceivedPayment","first InvoiceSettled","second InvoiceCreated","second InvoiceInvalid"]""");
        Gave(report, "genuine", "true");
        Gave(report, "deliveries", "true");
        Gave(report, "redelivered", "true");
        Gave(report, "hooks", "0");
        Gave(report, "wrongAmount", """{"status":422,"body":[{"path":"amount","message":"The amount has to be more than 0."}]}""");
        Gave(report, "missing", """{"status":404,"body":{"code":"invoice-not-found","message":"The invoice was not found."}}""");
        Gave(report, "foreign", "\"missing-permission\"");
        Gave(report, "stranger", "401");
    }

    private static void Gave(JsonElement report, string step, string expected) => Assert.Equal((step, expected), (step, report.GetProperty(step).GetRawText()));
}
