using System.Net;
using System.Text.Json;
using Tributary.Payments.Lnurl;
using Tributary.Server.Greenfield.Access;

namespace Tributary.Server.Tests.Greenfield.PullPayments;

/// <summary>Pull payments over HTTP, paid over a real channel to the demo wallet.</summary>
[Collection(PaidStoreGroup.Name)]
public sealed class PullPaymentRoutesTests(RunningServer server)
{
    private readonly PaidStore _store = new(server);
    private readonly GreenfieldClient _nobody = new(server.Client, null);

    [Fact]
    public async Task Somebody_without_a_key_claims_and_the_money_arrives()
    {
        await _store.EarnAsync();
        var made = await _store.Client.PostAsync(
            $"/stores/{PaidStore.Store}/pull-payments", """{"name":"Prize","description":"First place","amount":"0.0002","currency":"btc","autoApproveClaims":true,"BOLT11Expiration":null,"startsAt":null,"expiresAt":null,"period":null,"paymentMethods":["BTC-LightningNetwork","BTC"]}""");
        Assert.Equal(HttpStatusCode.OK, made.Status);
        PaidStore.HasShape(made.Body, PaidStore.PullPayment);
        Assert.Equal(("Prize", "BTC", "0.0002"), (made.Text("name"), made.Text("currency"), made.Text("amount")));
        var path = $"/pull-payments/{made.Text("id")}";
        Assert.Equal(made.Raw, (await _nobody.GetAsync(path)).Raw);
        Assert.Contains(made.Text("id"), (await _store.Client.GetAsync($"/stores/{PaidStore.Store}/pull-payments", """{"includeArchived":false}""")).Raw, StringComparison.Ordinal);

        var invoice = await _store.InvoiceAsync(12_000);
        var claimed = await _nobody.PostAsync(path + "/payouts", $$"""{"destination":"{{invoice}}","amount":"0.00012","paymentMethod":"BTC_LightningLike","payoutMethodId":"BTC_LightningLike"}""");
        Assert.Equal(HttpStatusCode.OK, claimed.Status);
        PaidStore.HasShape(claimed.Body, PaidStore.Payout);
        Assert.Equal(("BTC-LN", "0.00012", "0.00012"), (claimed.Text("payoutMethodId"), claimed.Text("originalAmount"), claimed.Text("payoutAmount")));
        var done = await _nobody.WaitAsync($"{path}/payouts/{claimed.Text("id")}", static reply => reply.Text("state") is "Completed");
        Assert.Equal("PayoutLightningBlob", done.At("paymentProof", "proofType").GetString());
        Assert.Equal(64, done.At("paymentProof", "preimage").GetString()!.Length);

        Assert.Equal("overdraft", (await _nobody.PostAsync(path + "/payouts", $$"""{"destination":"{{await _store.AddressAsync()}}","amount":"0.00009","payoutMethodId":"BTC"}""")).Code);
        Assert.Equal(1, (await _nobody.GetAsync(path + "/payouts", """{"includeCancelled":true}""")).Body.GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await _store.Client.DeleteAsync($"/stores/{PaidStore.Store}{path}")).Status);
        Assert.Equal("archived", (await _nobody.PostAsync(path + "/payouts", $$"""{"destination":"{{await _store.AddressAsync()}}","amount":"0.00005","payoutMethodId":"BTC"}""")).Code);
        Assert.DoesNotContain(made.Text("id"), (await _store.Client.GetAsync($"/stores/{PaidStore.Store}/pull-payments")).Raw, StringComparison.Ordinal);
        Assert.Contains(made.Text("id"), (await _store.Client.GetAsync($"/stores/{PaidStore.Store}/pull-payments?includeArchived=true")).Raw, StringComparison.Ordinal);
        await _store.ReconcileAsync();
    }

    [Fact]
    public async Task A_wallet_takes_the_money_by_LNURL()
    {
        await _store.EarnAsync();
        var made = await _store.Client.PostAsync($"/stores/{PaidStore.Store}/pull-payments", """{"name":"Cash back","amount":"0.0001","currency":"BTC","autoApproveClaims":true}""");
        var path = $"/pull-payments/{made.Text("id")}";
        var lnurl = await _nobody.GetAsync(path + "/lnurl");
        PaidStore.HasShape(lnurl.Body, "lnurlBech32:String", "lnurlUri:String");
        var url = LnurlText.Decode(lnurl.Text("lnurlBech32")["lightning:".Length..]).Value;
        Assert.Equal("lnurlw" + url[4..], lnurl.Text("lnurlUri"));
        using var offer = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri(url), PaidStore.Token));
        Assert.Equal(("withdrawRequest", 1000L, 10_000_000L, "Cash back"), (offer.RootElement.GetProperty("tag").GetString(), offer.RootElement.GetProperty("minWithdrawable").GetInt64(), offer.RootElement.GetProperty("maxWithdrawable").GetInt64(), offer.RootElement.GetProperty("defaultDescription").GetString()));
        var callback = $"{offer.RootElement.GetProperty("callback").GetString()}?k1={offer.RootElement.GetProperty("k1").GetString()}";
        Assert.Contains("ERROR", await server.Client.GetStringAsync(new Uri(callback + "&pr=lnbc1x"), PaidStore.Token), StringComparison.Ordinal);
        Assert.Contains("ERROR", await server.Client.GetStringAsync(new Uri(callback + "&pr=" + await _store.InvoiceAsync(10_001)), PaidStore.Token), StringComparison.Ordinal);
        Assert.Equal("""{"status":"OK"}""", await server.Client.GetStringAsync(new Uri(callback + "&pr=" + await _store.InvoiceAsync(10_000)), PaidStore.Token));
        await _nobody.WaitAsync(path + "/payouts", static reply => reply.Body[0].GetProperty("state").ValueEquals("Completed"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync(new Uri("/lnurl/withdraw/pull_x", UriKind.Relative), PaidStore.Token)).StatusCode);

        var fiat = await _store.Client.PostAsync($"/stores/{PaidStore.Store}/pull-payments", """{"amount":"10","currency":"EUR"}""");
        Assert.Equal("lnurl-not-supported", (await _nobody.GetAsync($"/pull-payments/{fiat.Text("id")}/lnurl")).Code);
    }

    [Fact]
    public async Task The_page_takes_a_claim_from_a_form_and_says_what_is_wrong_with_it()
    {
        await _store.EarnAsync();
        var made = await _store.Client.PostAsync($"/stores/{PaidStore.Store}/pull-payments", """{"name":"<b>Prize</b>","amount":"0.0001","currency":"BTC","autoApproveClaims":true}""");
        var page = new Uri(made.Text("viewLink"));
        var fresh = await server.Client.GetStringAsync(page, PaidStore.Token);
        Assert.Contains("&lt;b&gt;Prize&lt;/b&gt;", fresh, StringComparison.Ordinal);
        Assert.Contains("LNURL1", fresh, StringComparison.Ordinal);
        var wrong = await PostAsync(page, "nonsense", "0.00004");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("role=\"alert\"", await wrong.Content.ReadAsStringAsync(PaidStore.Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(page, await _store.AddressAsync(), "x")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync(page, "lightning:" + await _store.InvoiceAsync(4000), "0.00004")).StatusCode);
        await _nobody.WaitAsync($"/pull-payments/{made.Text("id")}/payouts", static reply => reply.Body[0].GetProperty("state").ValueEquals("Completed"));
        Assert.Contains("0.00006", await server.Client.GetStringAsync(page, PaidStore.Token), StringComparison.Ordinal);
        Assert.Contains("dir=\"rtl\"", await server.Client.GetStringAsync(new Uri(page, page.AbsolutePath + "?lang=ar-XB"), PaidStore.Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync(new Uri("/pull-payments/pull_x", UriKind.Relative), PaidStore.Token)).StatusCode);
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_makes_nothing()
    {
        var answer = await _store.Client.PostAsync(
            $"/stores/{PaidStore.Store}/pull-payments", $$"""{"name":"{{new string('n', 51)}}","amount":"-1","currency":"EUR","BOLT11Expiration":-1,"payoutMethods":["BTC","XMR"],"startsAt":9,"expiresAt":"x"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("BOLT11Expiration amount expiresAt name payoutMethods[1]", string.Join(' ', answer.Paths.Order(StringComparer.Ordinal)));
        Assert.Equal("currency", (await _store.Client.PostAsync($"/stores/{PaidStore.Store}/pull-payments", """{"amount":"1","currency":"XYZ"}""")).Paths.Single());
        Assert.Equal("pullpayment-not-found", (await _nobody.GetAsync("/pull-payments/pull_x")).Code);
        Assert.Equal("pullpayment-not-found", (await _nobody.GetAsync("/pull-payments/pull_x/payouts")).Code);
        Assert.Equal("pullpayment-not-found", (await _store.Client.DeleteAsync("/pull-payments/pull_x")).Code);
        Assert.Equal("pullpayment-not-found", (await _nobody.PostAsync("/pull-payments/pull_x/payouts", """{"destination":"x","payoutMethodId":"BTC"}""")).Code);
        Assert.Equal("destination payoutMethodId", string.Join(' ', (await _nobody.PostAsync("/pull-payments/pull_x/payouts", "{}")).Paths.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_key_that_may_not_agree_makes_no_pull_payment_that_agrees_by_itself()
    {
        var careful = await _store.KeyAsync(Policies.CanCreateNonApprovedPullPayments);
        Assert.Equal("missing-permission", (await careful.PostAsync($"/stores/{PaidStore.Store}/pull-payments", """{"amount":"1","currency":"EUR","autoApproveClaims":true}""")).Code);
        Assert.Equal(HttpStatusCode.OK, (await careful.PostAsync($"/stores/{PaidStore.Store}/pull-payments", """{"amount":"1","currency":"EUR"}""")).Status);
        Assert.Equal("missing-permission", (await careful.PostAsync($"/stores/{PaidStore.Store}/payouts", $$"""{"destination":"{{await _store.AddressAsync()}}","amount":"0.0001","payoutMethodId":"BTC","approved":true}""")).Code);
    }

    private async Task<HttpResponseMessage> PostAsync(Uri page, string destination, string amount)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("destination", destination), KeyValuePair.Create("amount", amount)]);
        return await server.Client.PostAsync(page, form, PaidStore.Token);
    }
}
