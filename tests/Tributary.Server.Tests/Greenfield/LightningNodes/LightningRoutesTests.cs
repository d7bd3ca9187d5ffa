using System.Net;

namespace Tributary.Server.Tests.Greenfield.LightningNodes;

/// <summary>The Lightning node over HTTP, with the demo wallet at the other end of its channel.</summary>
[Collection(PaidStoreGroup.Name)]
public sealed class LightningRoutesTests(RunningServer server)
{
    private static readonly string[] s_invoice =
    [
        "id:String", "status:String", "BOLT11:String|Null", "paidAt:Number|Null", "expiresAt:Number|Null", "amount:String", "amountReceived:String|Null", "paymentHash:String", "preimage:String|Null", "customRecords:Null",
    ];

    private static readonly string[] s_payment =
        ["id:String", "status:String", "BOLT11:String|Null", "paymentHash:String", "preimage:String|Null", "createdAt:Number", "totalAmount:String", "feeAmount:String"];

    private readonly PaidStore _store = new(server);

    public static TheoryData<string> Places => [$"/stores/{PaidStore.Store}/lightning/BTC", "/server/lightning/btc"];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task The_node_says_who_it_is_and_what_it_holds(string place)
    {
        await _store.EarnAsync();
        var info = await _store.Client.GetAsync(place + "/info");
        PaidStore.HasShape(
            info.Body, "nodeURIs:Array", "blockHeight:Number", "alias:String", "color:String", "version:String", "peersCount:Number", "activeChannelsCount:Number", "inactiveChannelsCount:Number", "pendingChannelsCount:Number");
        Assert.Equal((1, 1), (info.Body.GetProperty("peersCount").GetInt32(), info.Body.GetProperty("activeChannelsCount").GetInt32()));
        var balance = await _store.Client.GetAsync(place + "/balance");
        PaidStore.HasShape(balance.At("onchain"), "confirmed:String", "unconfirmed:String", "reserved:String");
        PaidStore.HasShape(balance.At("offchain"), "opening:String", "local:String", "remote:String", "closing:String");
        Assert.True(long.Parse(balance.At("offchain", "local").GetString()!, System.Globalization.CultureInfo.InvariantCulture) > 4_000_000_000);
        var channel = (await _store.Client.GetAsync(place + "/channels")).Body[0];
        PaidStore.HasShape(channel, "remoteNode:String", "isPublic:False", "isActive:True", "capacity:String", "localBalance:String", "channelPoint:String");
        Assert.Equal("16000000000", channel.GetProperty("capacity").GetString());
        Assert.StartsWith("bcrt1", (await _store.Client.PostAsync(place + "/address")).Body.GetString(), StringComparison.Ordinal);

        Assert.Equal("nodeURI", (await _store.Client.PostAsync(place + "/connect", """{"nodeURI":"nobody"}""")).Paths.Single());
        var own = info.At("nodeURIs")[0].GetString()!.Split('@')[0];
        Assert.Equal("could-not-connect", (await _store.Client.PostAsync(place + "/connect", $$"""{"nodeURI":"{{own}}@127.0.0.1:1"}""")).Code);
        Assert.Equal("peer-not-connected", (await _store.Client.PostAsync(place + "/channels", $$"""{"nodeURI":"{{own}}@127.0.0.1:1","channelAmount":"100000","feeRate":1}""")).Code);
        Assert.Equal("channelAmount nodeURI", string.Join(' ', (await _store.Client.PostAsync(place + "/channels", "{}")).Paths.Order(StringComparer.Ordinal)));
        Assert.Equal("lightning-node-not-found", (await _store.Client.GetAsync(place[..^3] + "LTC/info")).Code);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Invoices_are_written_found_and_paid(string place)
    {
        await _store.EarnAsync();
        var made = await _store.Client.PostAsync(place + "/invoices", """{"amount":"21000","description":"Tea","descriptionHashOnly":false,"expiry":600,"privateRouteHints":true}""");
        Assert.Equal(HttpStatusCode.OK, made.Status);
        PaidStore.HasShape(made.Body, s_invoice);
        Assert.Equal(("Unpaid", "21000"), (made.Text("status"), made.Text("amount")));
        var terms = Tributary.Lightning.Invoices.Invoice.Parse(made.Text("BOLT11")).Value.Terms;
        Assert.Equal(("Tea", 21_000L), (terms.Description, terms.Amount!.Value.Value));
        Assert.Contains(made.Text("id"), (await _store.Client.GetAsync(place + "/invoices?pendingOnly=true")).Raw, StringComparison.Ordinal);
        await _store.PayAsync(made.Text("BOLT11"));
        var paid = await _store.Client.WaitAsync($"{place}/invoices/{made.Text("id")}", static reply => reply.Text("status") is "Paid");
        PaidStore.HasShape(paid.Body, s_invoice);
        Assert.Equal(("21000", 64, made.Text("BOLT11")), (paid.Text("amountReceived"), paid.Text("preimage").Length, paid.Text("BOLT11")));
        Assert.DoesNotContain(made.Text("id"), (await _store.Client.GetAsync(place + "/invoices?pendingOnly=true")).Raw, StringComparison.Ordinal);
        Assert.Equal("invoice-not-found", (await _store.Client.GetAsync($"{place}/invoices/{new string('0', 64)}")).Code);
        Assert.Equal("amount", (await _store.Client.PostAsync(place + "/invoices", """{"amount":"x"}""")).Paths.Single());
        await _store.ReconcileAsync();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Invoices_of_others_are_paid_once_and_show_what_they_cost(string place)
    {
        await _store.EarnAsync();
        var invoice = await _store.InvoiceAsync(1500);
        var paid = await _store.Client.PostAsync(place + "/invoices/pay", $$"""{"BOLT11":"{{invoice}}","maxFeePercent":"1.5","maxFeeFlat":"10","sendTimeout":30}""");

        // A payment that takes longer than the caller waits is told of as under way, and done later.
        if (paid.Status == HttpStatusCode.Accepted)
            paid = await _store.Client.WaitAsync($"{place}/payments/{Tributary.Lightning.Invoices.Invoice.Parse(invoice).Value.Terms.PaymentHash}", static reply => reply.Status == HttpStatusCode.OK && reply.Text("status") is "Complete");
        Assert.Equal(HttpStatusCode.OK, paid.Status);
        PaidStore.HasShape(paid.Body, s_payment);
        Assert.Equal(("Complete", "1500000", "0", 64), (paid.Text("status"), paid.Text("totalAmount"), paid.Text("feeAmount"), paid.Text("preimage").Length));
        Assert.Equal("Complete", (await _store.Client.GetAsync($"{place}/payments/{paid.Text("paymentHash")}")).Text("status"));
        Assert.Contains(paid.Text("paymentHash"), (await _store.Client.GetAsync(place + "/payments")).Raw, StringComparison.Ordinal);

        // The node answers a repetition with the payment that was; a store is told that it has paid this. Neither pays again.
        var again = await _store.Client.PostAsync(place + "/invoices/pay", $$"""{"BOLT11":"{{invoice}}"}""");
        Assert.Equal(place.StartsWith("/server", StringComparison.Ordinal) ? paid.Raw : "generic-error", again.Status == HttpStatusCode.OK ? again.Raw : again.Code);
        Assert.Equal("BOLT11", (await _store.Client.PostAsync(place + "/invoices/pay", """{"BOLT11":"lnbc1x"}""")).Paths.Single());
        Assert.Equal("amount", (await _store.Client.PostAsync(place + "/invoices/pay", $$"""{"BOLT11":"{{await _store.InvoiceAsync(null)}}"}""")).Paths.Single());
        Assert.Equal("payment-not-found", (await _store.Client.GetAsync($"{place}/payments/{new string('0', 64)}")).Code);
        await _store.ReconcileAsync();
    }
}
