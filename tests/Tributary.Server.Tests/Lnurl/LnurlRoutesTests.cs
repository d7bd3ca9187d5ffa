using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Lightning.Invoices;
using Tributary.Payments.Checkout;
using Tributary.Payments.Lnurl;
using Tributary.Payments.Money;
using Tributary.Server.Demo;
using Tributary.Server.Payments;
using Tributary.Server.Tests.Greenfield;
using Tributary.Server.Tests.Stripe;
using Tributary.Storage.Relational;

namespace Tributary.Server.Tests.Lnurl;

/// <summary>LNURL as a wallet sees it, with the demo wallet paying over a real channel.</summary>
[Collection(PaidStoreGroup.Name)]
public sealed class LnurlRoutesTests(RunningServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StripeClient Stripe => new(server.Client, server.SecretKey);

    [Fact]
    public async Task A_fresh_server_is_paid_under_its_lightning_address_to_the_millisatoshi()
    {
        var (status, first) = await GetAsync("/.well-known/lnurlp/pay");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("payRequest", 1000L, 280), (first.GetProperty("tag").GetString(), first.GetProperty("minSendable").GetInt64(), first.GetProperty("commentAllowed").GetInt32()));
        Assert.True(first.GetProperty("maxSendable").GetInt64() is >= 1_000_000_000 and < 16_000_000_000);
        Assert.False(first.TryGetProperty("payerData", out _));
        var metadata = first.GetProperty("metadata").GetString()!;
        using (var entries = JsonDocument.Parse(metadata))
            Assert.Equal($"text/plain=Payment to My store text/identifier=pay@{server.Address.Authority}", string.Join(' ', entries.RootElement.EnumerateArray().Select(static entry => $"{entry[0]}={entry[1]}")));

        var (_, second) = await GetAsync(first.GetProperty("callback").GetString() + "?amount=21000123&comment=Gr%C3%BC%C3%9Fe%20%26%20Dank");
        var terms = Invoice.Parse(second.GetProperty("pr").GetString()!).Value.Terms;
        Assert.Equal(21_000_123, terms.Amount!.Value.Value);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(metadata))), terms.DescriptionHash!.Value.ToString());
        Assert.Equal(JsonValueKind.Array, second.GetProperty("routes").ValueKind);
        var receipt = new Uri(second.GetProperty("successAction").GetProperty("url").GetString()!);
        Assert.Equal(server.Address.Authority, receipt.Authority);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(receipt, Token)).StatusCode);

        var verify = second.GetProperty("verify").GetString()!;
        var (_, before) = await GetAsync(verify);
        Assert.Equal(("OK", false, JsonValueKind.Null), (before.GetProperty("status").GetString(), before.GetProperty("settled").GetBoolean(), before.GetProperty("preimage").ValueKind));
        Assert.Equal(second.GetProperty("pr").GetString(), before.GetProperty("pr").GetString());
        await PayAsync(second.GetProperty("pr").GetString()!);
        JsonElement after;
        do
        {
            (_, after) = await GetAsync(verify);
        }
        while (!after.GetProperty("settled").GetBoolean());
        Assert.Equal(terms.PaymentHash.ToString(), Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(after.GetProperty("preimage").GetString()!))));

        var intents = await Stripe.GetAsync("/v1/payment_intents?limit=1");
        var paid = intents.Body.GetProperty("data")[0];
        Assert.Equal(("succeeded", 21_000L, "Grüße & Dank"), (paid.GetProperty("status").GetString(), paid.GetProperty("amount_received").GetInt64(), paid.GetProperty("metadata").GetProperty("comment").GetString()));
        Assert.Equal($"pay@{server.Address.Authority}", paid.GetProperty("metadata").GetProperty("lnurl").GetString());
    }

    [Fact]
    public async Task A_payment_link_is_paid_at_the_price_that_the_wallet_was_shown()
    {
        var link = await LinkAsync();
        var (_, first) = await GetAsync($"/lnurl/link/{link.Id}");

        // 9.99 EUR at 60,000 EUR, rounded up to a whole satoshi.
        Assert.Equal((16_650_000L, 16_650_000L), (first.GetProperty("minSendable").GetInt64(), first.GetProperty("maxSendable").GetInt64()));
        var metadata = first.GetProperty("metadata").GetString()!;
        Assert.Contains("Tea (9.99 EUR)", metadata, StringComparison.Ordinal);
        var callback = first.GetProperty("callback").GetString()!;
        Assert.Equal("ERROR", (await GetAsync(callback + "&amount=16650001")).Body.GetProperty("status").GetString());
        Assert.Equal("ERROR", (await GetAsync(callback.Replace("quote=A", "quote=B", StringComparison.Ordinal) + "&amount=16650000")).Body.GetProperty("status").GetString());
        var (_, second) = await GetAsync(callback + "&amount=16650000");
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(metadata))),
            Invoice.Parse(second.GetProperty("pr").GetString()!).Value.Terms.DescriptionHash!.Value.ToString());
        await PayAsync(second.GetProperty("pr").GetString()!);
        var sessions = await Stripe.GetAsync($"/v1/checkout/sessions?payment_link={link.Id}");
        var intent = sessions.Body.GetProperty("data")[0].GetProperty("payment_intent").GetString()!;
        await Stripe.WaitAsync($"/v1/payment_intents/{intent}", "succeeded");
        Assert.Equal(999, (await Stripe.GetAsync($"/v1/payment_intents/{intent}")).Number("amount_received"));

        var page = await server.Client.GetStringAsync(new Uri(link.Path, UriKind.Relative), Token);
        Assert.Contains("lightning:" + LnurlText.Encode(new Uri(server.Address, $"/lnurl/link/{link.Id}").ToString()), page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_must_say_who_they_are_is_told_so_and_the_invoice_commits_to_it()
    {
        await RegisterAsync(new LightningName
        {
            Name = "donate",
            StoreId = PaymentStart.FirstStore,
            IsLive = false,
            CreatedAt = DateTimeOffset.UnixEpoch,
            AskEmail = PayerDataRule.Mandatory,
            AskName = PayerDataRule.Optional,
            MaxSatoshis = 5000,
            CommentLengthMax = 0,
            SuccessMessage = "Thanks!",
        });
        var (_, first) = await GetAsync("/.well-known/lnurlp/DONATE");
        Assert.Equal(5_000_000, first.GetProperty("maxSendable").GetInt64());
        Assert.False(first.TryGetProperty("commentAllowed", out _));
        Assert.Equal((true, false), (first.GetProperty("payerData").GetProperty("email").GetProperty("mandatory").GetBoolean(), first.GetProperty("payerData").GetProperty("name").GetProperty("mandatory").GetBoolean()));
        var callback = first.GetProperty("callback").GetString()!;
        Assert.Contains("e-mail", (await GetAsync(callback + "?amount=1000")).Body.GetProperty("reason").GetString(), StringComparison.Ordinal);

        const string Payer = """{"email":"bob@bob.example","name":"Bob"}""";
        var (_, second) = await GetAsync($"{callback}?amount=1000&payerdata={Uri.EscapeDataString(Payer)}");
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first.GetProperty("metadata").GetString() + Payer))),
            Invoice.Parse(second.GetProperty("pr").GetString()!).Value.Terms.DescriptionHash!.Value.ToString());
        Assert.Equal(("message", "Thanks!"), (second.GetProperty("successAction").GetProperty("tag").GetString(), second.GetProperty("successAction").GetProperty("message").GetString()));
        Assert.Contains("no comments", (await GetAsync($"{callback}?amount=1000&comment=hi&payerdata={Uri.EscapeDataString(Payer)}")).Body.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?amount=0")]
    [InlineData("?amount=-1000")]
    [InlineData("?amount=999")]
    [InlineData("?amount=99999999999999999999")]
    [InlineData("?amount=9000000000000000000")]
    [InlineData("?amount=1e3")]
    [InlineData("")]
    public async Task An_amount_that_cannot_be_taken_is_refused_with_a_reason(string query)
    {
        var (status, body) = await GetAsync("/lnurl/pay/pay" + query);
        Assert.Equal((HttpStatusCode.OK, "ERROR"), (status, body.GetProperty("status").GetString()));
        Assert.NotEqual(0, body.GetProperty("reason").GetString()!.Length);
    }

    [Fact]
    public async Task A_name_that_was_given_up_looks_like_one_that_never_was()
    {
        await RegisterAsync(new LightningName { Name = "gone", StoreId = PaymentStart.FirstStore, IsLive = false, CreatedAt = DateTimeOffset.UnixEpoch });
        await server.Services.GetRequiredService<IDatabase>().WriteAsync(static (transaction, token) => LightningNames.RemoveAsync(transaction, PaymentStart.FirstStore, false, "gone", token), Token);
        var never = await server.Client.GetAsync(new Uri("/.well-known/lnurlp/never", UriKind.Relative), Token);
        var gone = await server.Client.GetAsync(new Uri("/.well-known/lnurlp/gone", UriKind.Relative), Token);
        Assert.Equal((HttpStatusCode.NotFound, "*"), (never.StatusCode, never.Headers.GetValues("Access-Control-Allow-Origin").Single()));
        Assert.Equal(await never.Content.ReadAsStringAsync(Token), await gone.Content.ReadAsStringAsync(Token));
        foreach (var path in (string[])["/.well-known/lnurlp/%2e%2e", "/.well-known/lnurlp/a@b", "/lnurl/pay/never?amount=1000", "/lnurl/link/plink_x", "/lnurl/verify/x", "/lnurl/verify/" + new string('0', 64)])
            Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync(new Uri(path, UriKind.Relative), Token)).StatusCode);
    }

    [Fact]
    public async Task An_invoice_that_no_wallet_asked_for_is_not_verified()
    {
        var intent = await Stripe.PostAsync("/v1/payment_intents", "amount=500&currency=eur&confirm=true&payment_method_data[type]=lightning");
        var invoice = Invoice.Parse(intent.At("next_action", "display_bitcoin_instructions", "lightning", "invoice").GetString()!).Value;
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/lnurl/verify/{invoice.Terms.PaymentHash}")).Status);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        var answer = await server.Client.GetAsync(new Uri(server.Address, path), Token);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        return (answer.StatusCode, body.RootElement.Clone());
    }

    private async Task PayAsync(string invoice)
    {
        var paid = await server.Services.GetRequiredService<IDemoWallet>().PayInvoiceAsync(invoice, null, TimeSpan.FromSeconds(60), Token);
        Assert.True(paid.Value.IsDone);
    }

    private async Task RegisterAsync(LightningName name)
    {
        var names = server.Services.GetRequiredService<LightningNames>();
        Assert.True((await server.Services.GetRequiredService<IDatabase>().WriteAsync((transaction, token) => names.RegisterAsync(transaction, name, token), Token)).IsOk);
    }

    private async Task<PaymentLink> LinkAsync()
    {
        var links = server.Services.GetRequiredService<PaymentLinkStore>();
        var request = new PaymentLinkRequest { StoreId = PaymentStart.FirstStore, IsLive = false, Currency = Currency.Of("eur"), Lines = [new CheckoutLine("Tea", null, 999, 1)] };
        return (await server.Services.GetRequiredService<IDatabase>().WriteAsync((transaction, token) => links.CreateAsync(transaction, request, token), Token)).Value;
    }
}
