using System.Net;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Greenfield.Payouts;

/// <summary>Payouts of a store over HTTP.</summary>
[Collection(PaidStoreGroup.Name)]
public sealed class StorePayoutRoutesTests(RunningServer server)
{
    private const string Payouts = $"/stores/{PaidStore.Store}/payouts";
    private readonly PaidStore _store = new(server);

    [Fact]
    public async Task A_payout_waits_for_agreement_with_the_revision_that_was_looked_at_and_is_paid_once()
    {
        await _store.EarnAsync();
        var made = await _store.Client.PostAsync(Payouts, $$"""{"destination":"{{await _store.InvoiceAsync(null)}}","amount":"0.0001","payoutMethodId":"BTC-LN","metadata":{"source":"test"} }""");
        PaidStore.HasShape(made.Body, PaidStore.Payout);
        Assert.Equal(("AwaitingApproval", null, "test"), (made.Text("state"), made.Body.GetProperty("payoutAmount").GetString(), made.At("metadata", "source").GetString()));
        var path = $"/payouts/{made.Text("id")}";
        Assert.Equal("revision", (await _store.Client.PostAsync(path, "{}")).Paths.Single());
        Assert.Equal("old-revision", (await _store.Client.PostAsync(path, """{"revision":7}""")).Code);
        Assert.Equal("invalid-state", (await _store.Client.PostAsync(path + "/mark-paid")).Code);
        var agreed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _store.Client.PostAsync($"/stores/{PaidStore.Store}{path}", """{"revision":0,"rateRule":null}""")));
        Assert.Single(agreed, static answer => answer.Status == HttpStatusCode.OK);
        Assert.All(agreed.Where(static answer => answer.Status != HttpStatusCode.OK), static answer => Assert.Equal("invalid-state", answer.Code));
        var done = await _store.Client.WaitAsync(path, static reply => reply.Text("state") is "Completed");
        Assert.Equal("0.0001", done.Text("payoutAmount"));
        Assert.Equal("invalid-state", (await _store.Client.DeleteAsync(path)).Code);
        Assert.Equal("invalid-state", (await _store.Client.PostAsync(path + "/mark", """{"state":"Completed"}""")).Code);
        await _store.ReconcileAsync();
    }

    [Fact]
    public async Task A_payout_in_another_spelling_can_be_cancelled_and_lists_leave_it_out_then()
    {
        await _store.EarnAsync();
        var made = await _store.Client.PostAsync(Payouts, $$"""{"destination":"bitcoin:{{await _store.AddressAsync()}}?amount=0.0002","paymentMethod":"BTC-OnChain"}""");
        Assert.Equal(("BTC-CHAIN", "0.0002"), (made.Text("payoutMethodId"), made.Text("originalAmount")));
        Assert.Contains(made.Text("id"), (await _store.Client.GetAsync(Payouts, """{"includeCancelled":false}""")).Raw, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _store.Client.DeleteAsync($"/stores/{PaidStore.Store}/payouts/{made.Text("id")}")).Status);
        Assert.DoesNotContain(made.Text("id"), (await _store.Client.GetAsync(Payouts)).Raw, StringComparison.Ordinal);
        Assert.Contains(made.Text("id"), (await _store.Client.GetAsync(Payouts, """{"includeCancelled":true}""")).Raw, StringComparison.Ordinal);
        Assert.Equal("Cancelled", (await _store.Client.GetAsync($"/payouts/{made.Text("id")}")).Text("state"));
    }

    [Fact]
    public async Task Payouts_of_the_other_dialect_are_shown_too()
    {
        await _store.EarnAsync();
        var stripe = new StripeClient(server.Client, server.SecretKey);
        var made = await stripe.PostAsync("/v1/payouts", $"amount=5000&currency=btc&destination={await _store.InvoiceAsync(5000)}");
        var shown = await _store.Client.WaitAsync($"/payouts/{made.Text("id")}", static reply => reply.Text("state") is "Completed");
        PaidStore.HasShape(shown.Body, PaidStore.Payout);
        Assert.Equal(("0.00005", "BTC-LN"), (shown.Text("originalAmount"), shown.Text("payoutMethodId")));
        Assert.Contains(made.Text("id"), (await _store.Client.GetAsync(Payouts)).Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_makes_nothing()
    {
        Assert.Equal("destination payoutMethodId", string.Join(' ', (await _store.Client.PostAsync(Payouts, "{}")).Paths.Order(StringComparer.Ordinal)));
        var address = await _store.AddressAsync();
        Assert.Equal("payoutMethodId", (await _store.Client.PostAsync(Payouts, $$"""{"destination":"{{address}}","payoutMethodId":"XMR","amount":"1"}""")).Paths.Single());
        Assert.Equal("amount", (await _store.Client.PostAsync(Payouts, $$"""{"destination":"{{address}}","payoutMethodId":"BTC"}""")).Paths.Single());
        Assert.Equal("amount", (await _store.Client.PostAsync(Payouts, $$"""{"destination":"{{address}}","payoutMethodId":"BTC","amount":"0.000000001"}""")).Paths.Single());
        Assert.Equal("destination", (await _store.Client.PostAsync(Payouts, $$"""{"destination":"{{address}}","payoutMethodId":"BTC-LN","amount":"0.0001"}""")).Paths.Single());
        Assert.Equal("amount", (await _store.Client.PostAsync(Payouts, $$"""{"destination":"{{address}}","payoutMethodId":"BTC","amount":"100","approved":true}""")).Paths.Single());
        Assert.Equal("pullpayment-not-found", (await _store.Client.PostAsync(Payouts, $$"""{"destination":"{{address}}","payoutMethodId":"BTC","amount":"1","pullPaymentId":"pull_x"}""")).Code);
        foreach (var path in (string[])["/payouts/claim_x", "/payouts/po_x"])
            Assert.Equal("payout-not-found", (await _store.Client.GetAsync(path)).Code);
        Assert.Equal("payout-not-found", (await _store.Client.PostAsync("/payouts/claim_x", """{"revision":0}""")).Code);
        Assert.Equal("paymentProof", (await _store.Client.PostAsync("/payouts/claim_x/mark", """{"state":"Completed","paymentProof":{}}""")).Paths.Single());
    }
}
