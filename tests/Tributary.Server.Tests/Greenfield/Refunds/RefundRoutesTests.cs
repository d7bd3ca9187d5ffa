using System.Net;

namespace Tributary.Server.Tests.Greenfield.Refunds;

/// <summary>Invoices of this dialect that are paid, and go back.</summary>
[Collection(PaidStoreGroup.Name)]
public sealed class RefundRoutesTests(RunningServer server)
{
    private readonly PaidStore _store = new(server);
    private readonly GreenfieldClient _nobody = new(server.Client, null);

    [Fact]
    public async Task A_paid_invoice_goes_back_to_whoever_claims_it()
    {
        var invoice = await PaidInvoiceAsync();
        var preview = await _store.Client.GetAsync($"/invoices/{invoice}/refund/BTC-LN");
        PaidStore.HasShape(
            preview.Body, "paymentAmountThen:String", "paymentAmountNow:String", "invoiceAmount:String", "paymentCurrency:String", "paymentCurrencyDivisibility:Number", "invoiceCurrencyDivisibility:Number", "invoiceCurrency:String", "overpaidPaymentAmount:Null");
        Assert.Equal(("0.00016667", "10", "EUR"), (preview.Text("paymentAmountThen"), preview.Text("invoiceAmount"), preview.Text("invoiceCurrency")));
        var made = await _store.Client.PostAsync(
            $"/stores/{PaidStore.Store}/invoices/{invoice}/refund", """{"name":null,"description":null,"paymentMethod":"BTC-LightningNetwork","refundVariant":"RateThen","subtractPercentage":0.0,"customAmount":null,"customCurrency":null}""");
        Assert.Equal(HttpStatusCode.OK, made.Status);
        PaidStore.HasShape(made.Body, PaidStore.PullPayment);
        Assert.Equal(($"Refund {invoice}", "BTC", "0.00016667"), (made.Text("name"), made.Text("currency"), made.Text("amount")));
        Assert.Equal("non-refundable", (await RefundAsync(invoice, """{"refundVariant":"CurrentRate"}""")).Code);
        var claim = await _nobody.PostAsync($"/pull-payments/{made.Text("id")}/payouts", $$"""{"destination":"{{await _store.InvoiceAsync(16_667)}}","payoutMethodId":"BTC-LN"}""");
        Assert.Equal(HttpStatusCode.OK, claim.Status);
        await _nobody.WaitAsync($"/pull-payments/{made.Text("id")}/payouts/{claim.Text("id")}", static reply => reply.Text("state") is "Completed");
        await _store.ReconcileAsync();
    }

    [Fact]
    public async Task Part_of_an_invoice_goes_back_in_its_own_currency_when_somebody_agrees()
    {
        var invoice = await PaidInvoiceAsync();
        var made = await RefundAsync(invoice, """{"refundVariant":"Fiat","subtractPercentage":"2.5"}""");
        Assert.Equal(("EUR", "9.75", false), (made.Text("currency"), made.Text("amount"), made.Body.GetProperty("autoApproveClaims").GetBoolean()));
        var claim = await _nobody.PostAsync($"/pull-payments/{made.Text("id")}/payouts", $$"""{"destination":"{{await _store.AddressAsync()}}","amount":"6","payoutMethodId":"BTC"}""");
        Assert.Equal(("AwaitingApproval", "6"), (claim.Text("state"), claim.Text("originalAmount")));
        var agreed = await _store.Client.PostAsync($"/payouts/{claim.Text("id")}", """{"revision":0}""");
        Assert.Equal("0.0001", agreed.Text("payoutAmount"));
        Assert.Equal("0.25", (await RefundAsync(invoice, """{"refundVariant":"Custom","customAmount":"0.25","customCurrency":"EUR"}""")).Text("amount"));
        Assert.Equal("non-refundable", (await RefundAsync(invoice, """{"refundVariant":"Custom","customAmount":"0.01","customCurrency":"EUR"}""")).Code);
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_makes_nothing()
    {
        var invoice = await PaidInvoiceAsync();
        Assert.Equal("refundVariant", (await RefundAsync(invoice, "{}")).Paths.Single());
        Assert.Equal("refundVariant", (await RefundAsync(invoice, """{"refundVariant":"All"}""")).Paths.Single());
        Assert.Equal("refundVariant", (await RefundAsync(invoice, """{"refundVariant":"OverpaidAmount"}""")).Paths.Single());
        Assert.Equal("subtractPercentage", (await RefundAsync(invoice, """{"refundVariant":"RateThen","subtractPercentage":"101"}""")).Paths.Single());
        Assert.Equal("customAmount", (await RefundAsync(invoice, """{"refundVariant":"RateThen","customAmount":"1"}""")).Paths.Single());
        Assert.Equal("customCurrency", (await RefundAsync(invoice, """{"refundVariant":"Custom","customAmount":"1"}""")).Paths.Single());
        Assert.Equal("customCurrency", (await RefundAsync(invoice, """{"refundVariant":"Custom","customAmount":"1","customCurrency":"USD"}""")).Paths.Single());
        Assert.Equal("payoutMethods[0]", (await RefundAsync(invoice, """{"refundVariant":"RateThen","payoutMethods":["XMR"]}""")).Paths.Single());
        Assert.Equal("invoice-not-found", (await RefundAsync("absent", """{"refundVariant":"RateThen"}""")).Code);
        var unpaid = (await _store.Client.PostAsync($"/stores/{PaidStore.Store}/invoices", """{"amount":"10","currency":"EUR"}""")).Text("id");
        Assert.Equal("non-refundable", (await RefundAsync(unpaid, """{"refundVariant":"RateThen"}""")).Code);
        Assert.Equal("0.00016667", (await RefundAsync(invoice, """{"refundVariant":"CurrentRate"}""")).Text("amount"));
    }

    private Task<GreenfieldClient.Reply> RefundAsync(string invoice, string body) => _store.Client.PostAsync($"/invoices/{invoice}/refund", body);

    private async Task<string> PaidInvoiceAsync()
    {
        var made = await _store.Client.PostAsync($"/stores/{PaidStore.Store}/invoices", """{"amount":"10","currency":"EUR"}""");
        var methods = await _store.Client.GetAsync($"/invoices/{made.Text("id")}/payment-methods");
        await _store.PayAsync(methods.Body.EnumerateArray().First(static method => method.GetProperty("paymentMethodId").ValueEquals("BTC-LN")).GetProperty("destination").GetString()!);
        await _store.Client.WaitAsync($"/invoices/{made.Text("id")}", static reply => reply.Text("status") is "Settled");
        return made.Text("id");
    }
}
