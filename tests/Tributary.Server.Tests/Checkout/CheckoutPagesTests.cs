using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Tributary.Server.Tests.Checkout;

/// <summary>The pages that shoppers see, as a browser without script gets them.</summary>
public sealed class CheckoutPagesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_demo_shop_sells_a_page_takes_a_card_and_the_shop_says_thanks()
    {
        var page = await BuyAsync("mug");
        var open = await GetAsync(page);
        Assert.Contains("€18.00", open, StringComparison.Ordinal);
        Assert.Contains("Enamel mug", open, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", open, StringComparison.Ordinal);

        using var paid = await PostAsync(page + "/card", ("number", "4242 4242 4242 4242"), ("expiry", "12 / 34"), ("cvc", "123"));
        Assert.Equal(HttpStatusCode.Redirect, paid.StatusCode);
        var done = await GetAsync(paid.Headers.Location!.OriginalString);
        Assert.Contains("phase-paid", done, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", done, StringComparison.Ordinal);
        var home = Between(done, "data-return=\"", "\"");
        Assert.Contains("Enamel mug", await GetAsync(new Uri(home).PathAndQuery), StringComparison.Ordinal);
        Assert.Contains("Total paid", await GetAsync(page + "/receipt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_declined_card_says_why_and_the_number_is_in_no_answer()
    {
        var page = await BuyAsync("coffee");
        using var declined = await PostAsync(page + "/card", ("number", "4000 0000 0000 9995"), ("expiry", "12/34"), ("cvc", "123"));
        var text = await GetAsync(declined.Headers.Location!.OriginalString);
        Assert.Contains("insufficient funds", text, StringComparison.Ordinal);
        Assert.DoesNotContain("9995", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4539578763621486", "12/34", "123", "published test cards")]
    [InlineData("", "12/34", "123", "Fill in")]
    [InlineData("4242424242424242", "13/34", "123", "Fill in")]
    [InlineData("4242424242424242", "1234", "123", "Fill in")]
    [InlineData("4242424242424242", "12/34", "x23", "Fill in")]
    [InlineData("<script>alert(1)</script>", "12/34", "123", "published test cards")]
    public async Task What_is_no_test_card_is_refused_and_not_repeated(string number, string expiry, string cvc, string reason)
    {
        using var refused = await PostAsync(await BuyAsync("coffee") + "/card", ("number", number), ("expiry", expiry), ("cvc", cvc));
        var text = await refused.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        if (number.Length > 0 && !number.StartsWith("4242", StringComparison.Ordinal))
            Assert.DoesNotContain(number, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_and_no_session_are_the_same()
    {
        var page = await BuyAsync("mug");
        var parts = page.Split('/');
        var answers = new List<string>();
        foreach (var path in (string[])[page[..^1] + "_", $"/c/{parts[2]}/x", "/c/cs_test_absent/x", "/c/cs_test_absent/" + parts[3]])
        {
            using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            answers.Add(await answer.Content.ReadAsStringAsync(Cancelled));
        }

        Assert.Single(answers.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_bare_intent_is_paid_by_its_client_secret()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/payment_intents", UriKind.Relative)) { Content = new FormUrlEncodedContent([new("amount", "700"), new("currency", "eur"), new("description", "A bench <b>")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.SecretKey);
        using var created = await server.Client.SendAsync(request, Cancelled);
        using var intent = JsonDocument.Parse(await created.Content.ReadAsStringAsync(Cancelled));
        var id = intent.RootElement.GetProperty("id").GetString();
        var secret = intent.RootElement.GetProperty("client_secret").GetString();
        var page = await GetAsync($"/pay/{id}?client_secret={secret}");
        Assert.Contains("A bench <b>", page, StringComparison.Ordinal);
        using var paid = await PostAsync($"/pay/{id}/card?client_secret={secret}", ("number", "5555555555554444"), ("expiry", "12/2034"), ("cvc", "123"));
        Assert.Contains("phase-paid", await GetAsync(paid.Headers.Location!.OriginalString), StringComparison.Ordinal);
        using var refused = await server.Client.GetAsync(new Uri($"/pay/{id}", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task A_page_hears_of_its_payment_at_once()
    {
        var page = await BuyAsync("lamp");
        var events = Between(await GetAsync(page), "data-events=\"", "\"");
        using var stream = await server.Client.GetStreamAsync(new Uri(events, UriKind.Relative), Cancelled);
        using var reader = new StreamReader(stream);
        Assert.Equal("event: open", await reader.ReadLineAsync(Cancelled));
        (await PostAsync(page + "/card", ("number", "4242424242424242"), ("expiry", "12/34"), ("cvc", "123"))).Dispose();
        await WaitForChangeAsync(reader);
    }

    [Fact]
    public async Task A_page_that_missed_a_change_hears_of_it_when_it_asks()
    {
        var page = await BuyAsync("lamp");
        (await PostAsync(page + "/card", ("number", "4242424242424242"), ("expiry", "12/34"), ("cvc", "123"))).Dispose();
        using var stream = await server.Client.GetStreamAsync(new Uri(page + "/events?version=1", UriKind.Relative), Cancelled);
        using var reader = new StreamReader(stream);
        await WaitForChangeAsync(reader);
    }

    [Theory]
    [InlineData("de", "Wie möchtest du bezahlen?", "18,00\u00a0€", "dir=\"ltr\"")]
    [InlineData("ar-XB", "\u202eChoose\u202c", "€18.00", "dir=\"rtl\"")]
    public async Task A_page_speaks_the_language_that_is_asked_for(string language, string title, string amount, string direction)
    {
        var page = await GetAsync(await BuyAsync("mug") + "?pay=card&lang=" + language);
        Assert.Contains(title, page, StringComparison.Ordinal);
        Assert.Contains(amount, page, StringComparison.Ordinal);
        Assert.Contains(direction, page, StringComparison.Ordinal);
        Assert.Contains("card?pay=card&lang=" + language, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_cannot_be_framed_cached_or_told_to_other_sites()
    {
        using var answer = await server.Client.GetAsync(new Uri(await BuyAsync("mug"), UriKind.Relative), Cancelled);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var html = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotContain("style=\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("onclick", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_link_sells_without_a_shop_until_it_is_closed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/payment_links", UriKind.Relative))
        {
            Content = new FormUrlEncodedContent(
            [
                new("line_items[0][price_data][currency]", "eur"), new("line_items[0][price_data][unit_amount]", "500"), new("line_items[0][price_data][product_data][name]", "A coffee for us"),
            ]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.SecretKey);
        using var created = await server.Client.SendAsync(request, Cancelled);
        using var link = JsonDocument.Parse(await created.Content.ReadAsStringAsync(Cancelled));
        var path = "/l/" + link.RootElement.GetProperty("id").GetString();
        Assert.Contains("Continue to pay €5.00", await GetAsync(path), StringComparison.Ordinal);
        using var followed = await PostAsync(path);
        Assert.StartsWith("/c/cs_test_", followed.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Contains("A coffee for us", await GetAsync(followed.Headers.Location.OriginalString), StringComparison.Ordinal);

        using var close = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/payment_links/" + path[3..], UriKind.Relative)) { Content = new FormUrlEncodedContent([new("active", "false")]) };
        close.Headers.Authorization = request.Headers.Authorization;
        (await server.Client.SendAsync(close, Cancelled)).Dispose();
        Assert.Contains("This link is closed", await GetAsync(path), StringComparison.Ordinal);
        using var refused = await PostAsync(path);
        Assert.Equal(path, refused.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/shop/thanks")]
    [InlineData("/shop/thanks?session_id=cs_test_absent")]
    public async Task The_shop_believes_a_session_and_not_a_visit(string path)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        Assert.Equal("/shop", answer.Headers.Location!.OriginalString);
    }

    private static async Task WaitForChangeAsync(StreamReader reader)
    {
        while (!string.Equals(await reader.ReadLineAsync(Cancelled), "event: change", StringComparison.Ordinal))
        {
            // Lines of the event that says that the stream is open.
        }
    }

    private async Task<string> BuyAsync(string sku)
    {
        using var bought = await PostAsync("/shop/buy", ("sku", sku));
        return bought.Headers.Location!.OriginalString;
    }

    private async Task<string> GetAsync(string path)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotContain("A bench <b>", html, StringComparison.Ordinal);
        return WebUtility.HtmlDecode(html);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)));
        return await server.Client.PostAsync(new Uri(path, UriKind.Relative), form, Cancelled);
    }

    private static string Between(string text, string before, string after)
    {
        var from = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[from..text.IndexOf(after, from, StringComparison.Ordinal)];
    }
}
