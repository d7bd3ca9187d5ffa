using Microsoft.Extensions.DependencyInjection;
using Tributary.Payments.Intents;
using Tributary.Payments.Invoices;
using Tributary.Primitives.Amounts;
using Tributary.Server.Demo;
using Tributary.Server.Payments;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>What tests of the dialect do with a running server.</summary>
internal static class GreenfieldShop
{
    /// <summary>The operator's client.</summary>
    public static GreenfieldClient Operator(this RunningServer server) => new(server.Client, server.Services.GetRequiredService<TestAccess>().GreenfieldKey);

    /// <summary>Pays an invoice as a shopper would, by a rail that has an offer.</summary>
    public static async Task PayAsync(this RunningServer server, string invoiceId, string rail, long? satoshis = null)
    {
        var file = await server.Services.GetRequiredService<InvoiceService>().FindAsync(invoiceId, TestContext.Current.CancellationToken);
        var kind = rail is "lightning" ? RailKind.Lightning : RailKind.OnChain;
        var paid = await server.Services.GetRequiredService<Shopper>().PayAsync(file!.Payment, kind, satoshis is { } amount ? new Satoshis(amount) : null, TestContext.Current.CancellationToken);
        Assert.True(paid.IsOk, paid.IsOk ? "" : paid.Error.Message);
    }

    /// <summary>Mines a block.</summary>
    public static async Task MineAsync(this RunningServer server, int count = 1)
    {
        var mined = await new StripeClient(server.Client, server.SecretKey).PostAsync("/v1/test_helpers/blocks", $"count={count}");
        Assert.True(mined.Status == System.Net.HttpStatusCode.OK, mined.Raw);
    }
}
