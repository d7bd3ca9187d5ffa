using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Payments.Reconciliation;
using Tributary.Primitives.Amounts;
using Tributary.Server.Demo;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Payments;
using Tributary.Server.Tests.Stripe;
using Tributary.Storage.Relational;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>The first store with money that a shopper paid over Lightning, and the demo wallet as everybody who is paid.</summary>
internal sealed class PaidStore(RunningServer server)
{
    public const string Store = PaymentStart.FirstStore;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The operator's key.</summary>
    public GreenfieldClient Client => new(server.Client, server.Services.GetRequiredService<TestAccess>().GreenfieldKey);

    /// <summary>A key of the operator's that was granted these.</summary>
    public async Task<GreenfieldClient> KeyAsync(params string[] policies)
    {
        var keys = server.Services.GetRequiredService<GreenfieldKeyStore>();
        var granted = policies.Select(static policy => new GrantedPolicy(policy, null)).ToImmutableArray();
        var (_, secret) = await server.Services.GetRequiredService<IDatabase>().WriteAsync(
            (transaction, token) => keys.IssueAsync(transaction, GreenfieldUser.OperatorId, "test", null, granted, token), Token);
        return new GreenfieldClient(server.Client, secret);
    }

    public IDemoWallet Wallet => server.Services.GetRequiredService<IDemoWallet>();

    /// <summary>25 EUR more: 41,667 sat.</summary>
    public async Task EarnAsync()
    {
        var stripe = new StripeClient(server.Client, server.SecretKey);
        StripeClient.Reply intent;

        // A channel that a busy machine did not open in time is asked for again, with the coins of the first try in a block.
        while ((intent = await stripe.PostAsync("/v1/payment_intents", "amount=2500&currency=eur&confirm=true&payment_method_data[type]=lightning")).Status != HttpStatusCode.OK)
            await stripe.PostAsync("/v1/test_helpers/blocks", "count=1");
        await stripe.PostAsync($"/v1/test_helpers/payment_intents/{intent.Text("id")}/pay");
        await stripe.WaitAsync($"/v1/payment_intents/{intent.Text("id")}", "succeeded");
    }

    /// <summary>An invoice of somebody who is to be paid.</summary>
    public async Task<string> InvoiceAsync(long? satoshis) =>
        (await Wallet.RequestAsync(satoshis is { } amount ? new MilliSatoshis(amount * 1000) : null, "to be paid", Token)).Value.Text;

    public async Task<string> AddressAsync() => (await Wallet.NewAddressAsync(Token)).Value.ToString();

    public async Task PayAsync(string invoice) => Assert.True((await Wallet.PayInvoiceAsync(invoice, null, TimeSpan.FromSeconds(60), Token)).Value.IsDone);

    /// <summary>The books and the world are the same to the millisatoshi.</summary>
    public async Task ReconcileAsync()
    {
        var report = await server.Services.GetRequiredService<Reconciler>().RunAsync(Token);
        Assert.True(report.Outcome != ReconciliationOutcome.Mismatch, string.Join(' ', report.Problems));
    }

    /// <summary>An answer has these members, each of one of the kinds behind its name ("amount:String|Null"), and no other.</summary>
    public static void HasShape(JsonElement answer, params string[] members)
    {
        var kinds = members.Select(static member => member.Split(':')).ToDictionary(static pair => pair[0], static pair => pair[1].Split('|'), StringComparer.Ordinal);
        Assert.Equal(kinds.Keys.Order(StringComparer.Ordinal), answer.EnumerateObject().Select(static member => member.Name).Order(StringComparer.Ordinal));
        foreach (var member in answer.EnumerateObject())
            Assert.Contains(member.Value.ValueKind.ToString(), kinds[member.Name], StringComparer.Ordinal);
    }

    public static string[] PullPayment { get; } =
    [
        "id:String", "name:String", "description:String", "currency:String", "amount:String", "BOLT11Expiration:Number", "autoApproveClaims:True|False", "archived:True|False", "viewLink:String",
        "startsAt:Number|Null", "expiresAt:Number|Null",
    ];

    public static string[] Payout { get; } =
    [
        "id:String", "revision:Number", "pullPaymentId:String|Null", "date:String", "destination:String", "originalCurrency:String", "originalAmount:String", "payoutCurrency:String",
        "payoutAmount:String|Null", "payoutMethodId:String", "state:String", "paymentProof:Object|Null", "metadata:Object", "amount:String", "paymentMethod:String", "cryptoCode:String", "paymentMethodAmount:String|Null",
    ];
}
