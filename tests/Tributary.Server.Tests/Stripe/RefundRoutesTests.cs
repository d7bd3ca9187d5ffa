using System.Net;

namespace Tributary.Server.Tests.Stripe;

/// <summary>Refunds and charges in Stripe's shape over HTTP.</summary>
public sealed class RefundRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private StripeClient Client => new(server.Client, server.SecretKey);

    [Fact]
    public async Task A_card_refund_has_succeeded_when_its_answer_comes_and_shows_on_the_charge()
    {
        var intent = await Client.PayAsync(2500);
        var refund = await Client.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=1000&reason=duplicate&metadata[why]=twice");
        Assert.Equal(HttpStatusCode.OK, refund.Status);
        Assert.Equal(("succeeded", "duplicate", 1000), (refund.Text("status"), refund.Text("reason"), refund.Number("amount")));
        Assert.Equal(refund.Raw, (await Client.GetAsync($"/v1/refunds/{refund.Text("id")}")).Raw);

        var charge = await Client.GetAsync($"/v1/charges/{refund.Text("charge")}?expand[]=refunds&expand[]=payment_intent");
        Assert.Equal((1000, false), (charge.Number("amount_refunded"), charge.Body.GetProperty("refunded").GetBoolean()));
        Assert.Equal(refund.Text("id"), charge.At("refunds", "data")[0].GetProperty("id").GetString());
        Assert.Equal(intent, charge.At("payment_intent", "id").GetString());

        var rest = await Client.PostAsync("/v1/refunds", $"charge={refund.Text("charge")}");
        Assert.Equal(1500, rest.Number("amount"));
        Assert.True((await Client.GetAsync($"/v1/charges/{refund.Text("charge")}")).Body.GetProperty("refunded").GetBoolean());
        Assert.Equal("charge_already_refunded", (await Client.PostAsync("/v1/refunds", $"payment_intent={intent}")).ErrorCode);
        Assert.Equal([rest.Text("id"), refund.Text("id")], (await Client.GetAsync($"/v1/refunds?payment_intent={intent}")).Ids);
        Assert.Equal([refund.Text("id")], (await Client.GetAsync($"/v1/refunds?payment_intent={intent}&starting_after={rest.Text("id")}")).Ids);
    }

    [Fact]
    public async Task A_repeated_refund_pays_once_and_gives_the_first_answer()
    {
        var intent = await Client.PayAsync(2000);
        var key = Guid.CreateVersion7().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Client.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=100", key)));
        Assert.All(answers, static answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict));
        Assert.Single(answers.Where(static answer => answer.Status == HttpStatusCode.OK).Select(static answer => answer.Raw).Distinct(StringComparer.Ordinal));
        Assert.Single((await Client.GetAsync($"/v1/refunds?payment_intent={intent}")).Ids);
    }

    [Fact]
    public async Task Metadata_is_merged_and_a_refund_that_has_gone_is_not_cancelled()
    {
        var refund = await Client.PostAsync("/v1/refunds", $"payment_intent={await Client.PayAsync(300)}&metadata[a]=1&metadata[b]=2");
        var path = $"/v1/refunds/{refund.Text("id")}";
        var changed = await Client.PostAsync(path, "metadata[a]=&metadata[c]=3");
        Assert.Equal("""{"b":"2","c":"3"}""", System.Text.Json.Nodes.JsonNode.Parse(changed.Body.GetProperty("metadata").GetRawText())!.ToJsonString());
        Assert.Equal("refund_unexpected_state", (await Client.PostAsync(path + "/cancel")).ErrorCode);
    }

    [Fact]
    public async Task The_published_cards_for_refunds_do_what_Stripe_says_of_them()
    {
        var slow = await Client.PostAsync("/v1/refunds", $"payment_intent={await Client.PayAsync(300, "pm_card_pendingRefund")}");
        var returned = await Client.PostAsync("/v1/refunds", $"payment_intent={await Client.PayAsync(300, "pm_card_refundFail")}");
        Assert.Equal(("pending", "succeeded"), (slow.Text("status"), returned.Text("status")));
        await Client.WaitAsync($"/v1/refunds/{slow.Text("id")}", "succeeded");
        var failed = await Client.WaitAsync($"/v1/refunds/{returned.Text("id")}", "failed");
        Assert.Equal("expired_or_canceled_card", failed.Text("failure_reason"));
        while ((await Client.GetAsync("/v1/events?type=refund.failed")).Ids.Count == 0)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        var told = await Client.GetAsync("/v1/events?type=refund.failed");
        Assert.Equal("refund", told.Body.GetProperty("data")[0].GetProperty("data").GetProperty("object").GetProperty("object").GetString());
    }

    [Fact]
    public async Task A_partial_capture_gives_the_rest_of_the_hold_back_by_itself()
    {
        var intent = await Client.PayAsync(1000, more: "&capture_method=manual");
        await Client.PostAsync($"/v1/payment_intents/{intent}/capture", "amount_to_capture=400");
        await Client.WaitAsync($"/v1/payment_intents/{intent}", "succeeded");
        StripeClient.Reply refunds;
        do
        {
            refunds = await Client.GetAsync($"/v1/refunds?payment_intent={intent}");
        }
        while (refunds.Ids.Count == 0 || refunds.Body.GetProperty("data")[0].GetProperty("status").ValueEquals("pending"));
        var rest = refunds.Body.GetProperty("data")[0];
        Assert.Equal((600, "succeeded"), (rest.GetProperty("amount").GetInt64(), rest.GetProperty("status").GetString()));
        Assert.Equal(0, (await Client.GetAsync($"/v1/charges/ch_{intent[3..]}")).Number("amount_refunded"));
    }

    [Fact]
    public async Task A_dispute_takes_the_money_and_evidence_brings_it_back()
    {
        var intent = await Client.PayAsync(800, "pm_card_createDispute");
        var lists = await Client.GetAsync($"/v1/disputes?payment_intent={intent}&expand[]=data.charge.payment_intent");
        var dispute = lists.Ids.Single();
        Assert.Equal(intent, lists.Body.GetProperty("data")[0].GetProperty("charge").GetProperty("payment_intent").GetProperty("id").GetString());
        Assert.Equal("charge_disputed", (await Client.PostAsync("/v1/refunds", $"payment_intent={intent}")).ErrorCode);
        var draft = await Client.PostAsync($"/v1/disputes/{dispute}", "evidence[customer_name]=Ada&submit=false");
        Assert.Equal(("needs_response", true), (draft.Text("status"), draft.At("evidence_details", "has_evidence").GetBoolean()));
        Assert.Equal("won", (await Client.PostAsync($"/v1/disputes/{dispute}", "evidence[uncategorized_text]=winning_evidence")).Text("status"));
        Assert.Equal("succeeded", (await Client.PostAsync("/v1/refunds", $"payment_intent={intent}")).Text("status"));

        var lost = (await Client.GetAsync($"/v1/disputes?payment_intent={await Client.PayAsync(800, "pm_card_createDispute")}")).Ids.Single();
        Assert.Equal("lost", (await Client.PostAsync($"/v1/disputes/{lost}/close")).Text("status"));
        Assert.Equal("dispute_unexpected_state", (await Client.PostAsync($"/v1/disputes/{lost}", "evidence[uncategorized_text]=late")).ErrorCode);
    }

    [Theory]
    [InlineData("", "parameter_missing", "payment_intent")]
    [InlineData("payment_intent=pi_absent", "resource_missing", "id")]
    [InlineData("payment_intent=PAID&amount=301", "amount_too_large", "amount")]
    [InlineData("payment_intent=PAID&amount=0", "parameter_invalid_integer", "amount")]
    [InlineData("payment_intent=PAID&amount=-5", "parameter_invalid_integer", "amount")]
    [InlineData("payment_intent=PAID&reason=whim", "parameter_invalid", "reason")]
    [InlineData("payment_intent=PAID&charge=ch_other", "parameter_invalid", "charge")]
    [InlineData("payment_intent=PAID&tributary[destination]=bc1q", "parameter_invalid", "tributary[destination]")]
    [InlineData("payment_intent=PAID&tributary[expires_in]=5", "parameter_invalid_integer", "tributary[expires_in]")]
    [InlineData("payment_intent=PAID&colour=red", "parameter_unknown", "colour")]
    [InlineData("payment_intent=PAID&reverse_transfer=true", "parameter_invalid", "reverse_transfer")]
    public async Task What_is_wrong_with_a_refund_is_named(string form, string code, string parameter)
    {
        var intent = await Client.PayAsync(300);
        var refused = await Client.PostAsync("/v1/refunds", form.Replace("PAID", intent, StringComparison.Ordinal));
        Assert.Equal((code, parameter), (refused.ErrorCode, refused.At("error", "param").GetString()));
        Assert.Empty((await Client.GetAsync($"/v1/refunds?payment_intent={intent}")).Ids);
    }

    [Fact]
    public async Task An_expansion_of_nothing_is_refused()
    {
        var intent = await Client.PayAsync(300);
        Assert.Equal("expand", (await Client.GetAsync($"/v1/payment_intents/{intent}?expand[]=amount")).At("error", "param").GetString());
        Assert.Equal("expand", (await Client.GetAsync($"/v1/payment_intents/{intent}?expand[]=latest_charge.payment_intent.latest_charge.payment_intent.latest_charge")).At("error", "param").GetString());
        var expanded = await Client.GetAsync($"/v1/payment_intents/{intent}?expand[]=latest_charge.refunds&expand[]=customer");
        Assert.Equal("list", expanded.At("latest_charge", "refunds", "object").GetString());
    }
}
