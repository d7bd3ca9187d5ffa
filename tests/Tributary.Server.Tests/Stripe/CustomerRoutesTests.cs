using System.Net;

namespace Tributary.Server.Tests.Stripe;

/// <summary>Customers, what they pay with, searches and changes of intents over HTTP.</summary>
public sealed class CustomerRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private StripeClient Client => new(server.Client, server.SecretKey);

    [Fact]
    public async Task A_customer_is_made_changed_found_and_deleted()
    {
        var made = await Client.PostAsync("/v1/customers", "email=ada@shop.example&name=Ada&metadata[tier]=gold&metadata[old]=1&address[city]=London&shipping[name]=Ada&shipping[address][line1]=St%20James");
        var path = $"/v1/customers/{made.Text("id")}";
        Assert.Equal(("London", "St James"), (made.At("address", "city").GetString(), made.At("shipping", "address", "line1").GetString()));
        var changed = await Client.PostAsync(path, "name=&phone=%2B441234&metadata[old]=");
        Assert.Equal((System.Text.Json.JsonValueKind.Null, "+441234"), (changed.At("name").ValueKind, changed.Text("phone")));
        Assert.False(changed.At("metadata").TryGetProperty("old", out _));
        Assert.Equal("ada@shop.example", changed.Text("email"));
        Assert.Contains(made.Text("id"), (await Client.GetAsync("/v1/customers?email=ada@shop.example")).Ids, StringComparer.Ordinal);
        Assert.Contains(made.Text("id"), (await Client.GetAsync("/v1/customers/search?query=" + Uri.EscapeDataString("email~'SHOP.ex' AND metadata['tier']:'gold'"))).Ids, StringComparer.Ordinal);

        var gone = await Client.DeleteAsync(path);
        Assert.True(gone.At("deleted").GetBoolean());
        Assert.Equal(gone.Raw, (await Client.GetAsync(path)).Raw);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync(path, "name=Eve")).Status);
        Assert.DoesNotContain(made.Text("id"), (await Client.GetAsync("/v1/customers?email=ada@shop.example")).Ids, StringComparer.Ordinal);
        var refused = await Client.PostAsync("/v1/payment_intents", $"amount=5&currency=eur&customer={made.Text("id")}");
        Assert.Equal(("resource_missing", "customer"), (refused.ErrorCode, refused.At("error", "param").GetString()));
    }

    [Fact]
    public async Task A_saved_card_pays_again_until_it_is_taken_from_its_customer()
    {
        var customer = (await Client.PostAsync("/v1/customers", "name=Bob")).Text("id");
        var card = await Client.PostAsync("/v1/payment_methods/pm_card_mastercard/attach", $"customer={customer}");
        Assert.Equal(("mastercard", "4444"), (card.At("card", "brand").GetString(), card.At("card", "last4").GetString()));
        var lightning = await Client.PostAsync("/v1/payment_methods", "type=lightning");
        await Client.PostAsync($"/v1/payment_methods/{lightning.Text("id")}/attach", $"customer={customer}");
        Assert.Equal([lightning.Text("id"), card.Text("id")], (await Client.GetAsync($"/v1/payment_methods?customer={customer}")).Ids);
        Assert.Equal([card.Text("id")], (await Client.GetAsync($"/v1/customers/{customer}/payment_methods?type=card")).Ids);

        var paid = await Client.PostAsync("/v1/payment_intents", $"amount=700&currency=eur&customer={customer}&confirm=true&payment_method={card.Text("id")}&expand[]=payment_method&expand[]=customer");
        Assert.Equal(("succeeded", card.Text("id"), customer), (paid.Text("status"), paid.At("payment_method", "id").GetString(), paid.At("customer", "id").GetString()));
        Assert.Equal("4444", (await Client.GetAsync($"/v1/charges?customer={customer}")).Body.GetProperty("data")[0].GetProperty("payment_method_details").GetProperty("card").GetProperty("last4").GetString());

        var detached = await Client.PostAsync($"/v1/payment_methods/{card.Text("id")}/detach");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, detached.At("customer").ValueKind);
        Assert.Equal("resource_missing", (await Client.PostAsync("/v1/payment_intents", $"amount=5&currency=eur&confirm=true&payment_method={card.Text("id")}")).ErrorCode);
        Assert.Equal("payment_method_unexpected_state", (await Client.PostAsync($"/v1/payment_methods/{card.Text("id")}/attach", $"customer={customer}")).ErrorCode);
        Assert.Equal("card_number_not_accepted", (await Client.PostAsync("/v1/payment_methods", "type=card&card[number]=4539578763621486")).ErrorCode);
    }

    [Fact]
    public async Task Intents_are_changed_and_found_by_status_metadata_and_customer()
    {
        var customer = (await Client.PostAsync("/v1/customers", "name=Eve")).Text("id");
        var open = await Client.PostAsync("/v1/payment_intents", "amount=100&currency=eur&metadata[order]=1");
        var path = $"/v1/payment_intents/{open.Text("id")}";
        var changed = await Client.PostAsync(path, $"amount=250&customer={customer}&metadata[order]=it's 2&description=two&receipt_email=eve@shop.example");
        Assert.Equal((250, "two", "eve@shop.example"), (changed.Number("amount"), changed.Text("description"), changed.Text("receipt_email")));
        await Client.PostAsync(path + "/confirm", "payment_method=pm_card_visa");
        Assert.Equal("payment_intent_unexpected_state", (await Client.PostAsync(path, "amount=300")).ErrorCode);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await Client.PostAsync(path, "description=")).At("description").ValueKind);
        var other = (await Client.PostAsync("/v1/payment_intents", $"amount=7&currency=eur&customer={customer}")).Text("id");

        Assert.Equal([open.Text("id")], await FindAsync($"customer:'{customer}' AND status:'succeeded'"));
        Assert.Equal([other], await FindAsync($"customer:'{customer}' AND -status:'succeeded'"));
        Assert.Equal([open.Text("id")], await FindAsync("metadata['order']:'it\\'s 2'"));
        Assert.Empty(await FindAsync("metadata['order']:'1'"));
        Assert.Equal([open.Text("id")], await FindAsync($"customer:'{customer}' AND amount:250 AND currency:'eur'"));
        Assert.Equal([other], await FindAsync($"amount<=7 AND customer:'{customer}'"));
        Assert.Empty(await FindAsync($"customer:'{customer}' AND currency:'usd'"));
        Assert.Empty(await FindAsync($"customer:'{customer}' AND amount:100"));
        Assert.Equal([other], await FindAsync($"customer:'{customer}' AND metadata['order']:null"));
        Assert.Equal([other, open.Text("id")], await FindAsync($"customer:'{customer}' AND created>1700000000"));
        Assert.Empty(await FindAsync($"customer:'{customer}' AND created<=1700000000"));
        Assert.Equal([other, open.Text("id")], await FindAsync($"customer:'{customer}' OR metadata['order']:'it\\'s 2'"));

        var first = await Client.GetAsync("/v1/payment_intents/search?limit=1&query=" + Uri.EscapeDataString($"customer:'{customer}'"));
        Assert.True(first.At("has_more").GetBoolean());
        var second = await Client.GetAsync($"/v1/payment_intents/search?limit=1&query={Uri.EscapeDataString($"customer:'{customer}'")}&page={Uri.EscapeDataString(first.Text("next_page"))}");
        Assert.Equal([other, open.Text("id")], [.. first.Ids, .. second.Ids]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("status")]
    [InlineData("status:'succeeded")]
    [InlineData("colour:'red'")]
    [InlineData("status:'a' AND customer:'b' OR customer:'c'")]
    [InlineData("status>'a'")]
    [InlineData("metadata:'a'")]
    [InlineData("created:'soon'")]
    [InlineData("amount>12.50")]
    [InlineData("amount~1")]
    [InlineData("currency>'eur'")]
    [InlineData("status:'a' customer:'b'")]
    public async Task A_query_that_is_none_is_named(string query)
    {
        var refused = await Client.GetAsync("/v1/payment_intents/search?query=" + Uri.EscapeDataString(query));
        Assert.Equal((HttpStatusCode.BadRequest, "query"), (refused.Status, refused.At("error", "param").GetString()));
    }

    [Fact]
    public async Task A_webhook_endpoint_keeps_its_metadata_and_can_be_switched_off()
    {
        var made = await Client.PostAsync("/v1/webhook_endpoints", "url=http://127.0.0.1:9/hooks&enabled_events[]=*&metadata[a]=b");
        var path = $"/v1/webhook_endpoints/{made.Text("id")}";
        Assert.Equal("b", (await Client.GetAsync(path)).At("metadata", "a").GetString());
        var off = await Client.PostAsync(path, "disabled=true&metadata[a]=&enabled_events[]=refund.created");
        Assert.Equal(("disabled", "refund.created"), (off.Text("status"), off.At("enabled_events")[0].GetString()));
        Assert.Equal("url", (await Client.PostAsync(path, "url=http://10.0.0.1/x")).At("error", "param").GetString());
        await Client.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync(path)).Status);
    }

    private async Task<List<string>> FindAsync(string query) => (await Client.GetAsync("/v1/payment_intents/search?query=" + Uri.EscapeDataString(query))).Ids;
}
