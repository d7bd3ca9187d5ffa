using System.Net;

namespace Tributary.Server.Tests.Stripe;

/// <summary>Payouts, balances and the store's policy over HTTP, on a server of their own: they share one balance.</summary>
public sealed class PayoutRoutesTests : IAsyncLifetime
{
    private readonly RunningServer _server = new();

    private StripeClient Client => new(_server.Client, _server.SecretKey);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_was_earned_is_shown_paid_out_and_accounted_for()
    {
        var intent = await Client.PayAsync(5000);
        await Client.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=800");
        Assert.Equal(4200, await AvailableAsync());
        var payout = await Client.PostAsync("/v1/payouts", "amount=4000&currency=eur&description=week&metadata[a]=b");
        Assert.Equal((HttpStatusCode.OK, "paid", "week"), (payout.Status, payout.Text("status"), payout.Text("description")));
        Assert.Equal(payout.Raw, (await Client.GetAsync($"/v1/payouts/{payout.Text("id")}")).Raw);
        Assert.Equal(200, await AvailableAsync());
        var over = await Client.PostAsync("/v1/payouts", "amount=201&currency=eur");
        Assert.Equal(("balance_insufficient", "amount"), (over.ErrorCode, over.At("error", "param").GetString()));
        Assert.Equal("destination", (await Client.PostAsync("/v1/payouts", "amount=100&currency=btc")).At("error", "param").GetString());

        var entries = await Client.GetAsync("/v1/balance_transactions?expand[]=data.source");
        var types = entries.Body.GetProperty("data").EnumerateArray().Select(static entry => $"{entry.GetProperty("type").GetString()} {entry.GetProperty("net").GetInt64()} {entry.GetProperty("source").GetProperty("object").GetString()}");
        Assert.Equal("charge 5000 charge, payout -4000 payout, refund -800 refund", string.Join(", ", types.Order(StringComparer.Ordinal)));
        var first = entries.Ids[0];
        Assert.Equal(first, (await Client.GetAsync($"/v1/balance_transactions/{first}")).Text("id"));
        Assert.Equal(entries.Ids[1..], (await Client.GetAsync($"/v1/balance/history?starting_after={first}")).Ids);
        Assert.Single((await Client.GetAsync($"/v1/balance_transactions?source=ch_{intent[3..]}")).Ids);
        Assert.Equal([payout.Text("id")], (await Client.GetAsync("/v1/payouts?status=paid")).Ids);
        Assert.Equal("payout_unexpected_state", (await Client.PostAsync($"/v1/payouts/{payout.Text("id")}/cancel")).ErrorCode);
    }

    [Fact]
    public async Task A_repeated_payout_pays_once()
    {
        await Client.PayAsync(3000);
        var key = Guid.CreateVersion7().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Client.PostAsync("/v1/payouts", "amount=500&currency=eur", key)));
        Assert.Single(answers.Where(static answer => answer.Status == HttpStatusCode.OK).Select(static answer => answer.Raw).Distinct(StringComparer.Ordinal));
        Assert.Equal(2500, await AvailableAsync());
    }

    [Fact]
    public async Task A_second_key_agrees_above_the_limit_and_the_switch_holds_everything_up()
    {
        await Client.PayAsync(9000);
        var policy = await Client.PostAsync("/v1/outgoing_policy", "approval_above[eur]=1000");
        Assert.Equal(1000, policy.At("approval_above", "eur").GetInt64());
        var large = await Client.PostAsync("/v1/payouts", "amount=1001&currency=eur");
        Assert.Equal(("pending", "awaiting_approval"), (large.Text("status"), large.At("tributary", "status").GetString()));
        Assert.Equal("approval_by_creator", (await Client.PostAsync($"/v1/payouts/{large.Text("id")}/approve")).ErrorCode);
        var second = new StripeClient(_server.Client, (await Client.PostAsync("/v1/api_keys", "permissions[approvals]=write")).Text("secret"));
        Assert.Equal(HttpStatusCode.Forbidden, (await second.PostAsync("/v1/payouts", "amount=1&currency=eur")).Status);

        Assert.True((await Client.PostAsync("/v1/outgoing_policy", "stopped=true&reason=drill")).Body.GetProperty("stopped").GetBoolean());
        Assert.Equal(HttpStatusCode.Forbidden, (await second.PostAsync("/v1/outgoing_policy", "stopped=false")).Status);
        Assert.Equal("pending", (await second.PostAsync($"/v1/payouts/{large.Text("id")}/approve")).Text("status"));
        var held = await Client.PostAsync("/v1/payouts", "amount=10&currency=eur");
        Assert.Equal("pending", held.Text("status"));
        Assert.Equal("canceled", (await Client.PostAsync($"/v1/payouts/{held.Text("id")}/cancel")).Text("status"));
        Assert.Equal("pending", (await Client.GetAsync($"/v1/payouts/{large.Text("id")}")).Text("status"));
        await Client.PostAsync("/v1/outgoing_policy", "stopped=false");
        await Client.WaitAsync($"/v1/payouts/{large.Text("id")}", "paid");
    }

    private async Task<long> AvailableAsync()
    {
        var balance = await Client.GetAsync("/v1/balance");
        return balance.Body.GetProperty("available").EnumerateArray().Single(static line => line.GetProperty("currency").ValueEquals("eur")).GetProperty("amount").GetInt64();
    }
}
