using System.Globalization;
using System.Security.Cryptography;

namespace Tributary.Faults.Tests;

/// <summary>One shopper's way through the shop, and what must be true of it afterwards.</summary>
internal sealed class Journey(ShopClient shop)
{
    private const int TriesMax = 45;

    private readonly List<string> _refunds = [];

    public string Id { get; private set; } = "";

    /// <summary>What the shop has of it, in cents.</summary>
    public long Received { get; private set; }

    public long Refunded { get; private set; }

    public IReadOnlyList<string> Refunds => _refunds;

    public bool IsLightning { get; private set; }

    public bool IsCancelled { get; private set; }

    /// <summary>A card: at once or in two steps, sometimes declined first, held or taken, given back in parts.</summary>
    public async Task PayByCardAsync(CancellationToken cancellationToken)
    {
        var amount = RandomNumberGenerator.GetInt32(200, 10_000);
        var isHeld = Chance(3);
        var capture = isHeld ? "&capture_method=manual" : "";
        if (Chance(2))
        {
            Id = (await DoneAsync("/v1/payment_intents", $"amount={Text(amount)}&currency=usd&confirm=true&payment_method=pm_card_visa{capture}", cancellationToken)).Id;
        }
        else
        {
            Id = (await DoneAsync("/v1/payment_intents", $"amount={Text(amount)}&currency=usd&payment_method_types[]=card{capture}", cancellationToken)).Id;
            if (Chance(4))
                Assert.Equal(402, (int)(await shop.PostAsync($"/v1/payment_intents/{Id}/confirm", "payment_method=pm_card_chargeDeclined", cancellationToken)).Status);
            await DoneAsync($"/v1/payment_intents/{Id}/confirm", "payment_method=pm_card_visa", cancellationToken);
        }

        Received = amount;
        if (isHeld)
        {
            IsCancelled = Chance(4);
            Received = IsCancelled ? 0 : RandomNumberGenerator.GetInt32(100, amount + 1);
            if (IsCancelled)
                await DoneAsync($"/v1/payment_intents/{Id}/cancel", "", cancellationToken);
            else
                await DoneAsync($"/v1/payment_intents/{Id}/capture", $"amount_to_capture={Text(Received)}", cancellationToken);
        }

        // The processor may have been told when the server died: then it hears of it again.
        while (!IsCancelled && !await HasSucceededAsync($"/v1/payment_intents/{Id}", 40, cancellationToken))
            cancellationToken.ThrowIfCancellationRequested();
        while (Received - Refunded > 1 && Chance(2))
            await RefundAsync(RandomNumberGenerator.GetInt32(1, (int)(Received - Refunded)), "", cancellationToken);
    }

    /// <summary>Lightning: an invoice that the demo wallet pays; sometimes some of it goes back to an invoice of the shopper.</summary>
    public async Task PayByLightningAsync(CancellationToken cancellationToken)
    {
        IsLightning = true;
        var amount = RandomNumberGenerator.GetInt32(50, 300);
        Id = (await DoneAsync("/v1/payment_intents", $"amount={Text(amount)}&currency=eur", cancellationToken)).Id;
        await OnceReadyAsync($"/v1/payment_intents/{Id}/confirm", "payment_method_data[type]=lightning", cancellationToken);
        Received = amount;
        for (var tries = 1; ; tries++)
        {
            // The wallet refuses an invoice that it has paid already; whether it has is what the intent says.
            var paid = await shop.PostAsync($"/v1/test_helpers/payment_intents/{Id}/pay", "", cancellationToken);
            if (await HasSucceededAsync($"/v1/payment_intents/{Id}", 40, cancellationToken))
                break;
            if (tries == TriesMax)
                Assert.Fail($"{Id} is never paid: {await shop.GetAsync($"/v1/payment_intents/{Id}", cancellationToken)}; the wallet says {(int)paid.Status} {paid.Body}");
        }

        if (!Chance(2))
            return;
        var invoice = await OnceReadyAsync("/v1/test_helpers/invoices", "description=back", cancellationToken);
        var destination = invoice.Json.GetProperty("invoice").GetString()!;
        await RefundAsync(RandomNumberGenerator.GetInt32(10, amount / 2), $"&tributary[destination]={destination}", cancellationToken);
        for (var tries = 1; !await HasSucceededAsync($"/v1/refunds/{_refunds[^1]}", 40, cancellationToken); tries++)
        {
            var refund = await shop.GetAsync($"/v1/refunds/{_refunds[^1]}", cancellationToken);
            if (tries == TriesMax || refund.GetProperty("status").GetString() is "failed" or "canceled")
                Assert.Fail($"{_refunds[^1]} of {Id} is never sent: {refund}");
        }
    }

    private async Task RefundAsync(long amount, string more, CancellationToken cancellationToken)
    {
        _refunds.Add((await DoneAsync("/v1/refunds", $"payment_intent={Id}&amount={Text(amount)}{more}", cancellationToken)).Id);
        Refunded += amount;
    }

    private async Task<bool> HasSucceededAsync(string path, int looks, CancellationToken cancellationToken)
    {
        for (var look = 0; look < looks; look++)
        {
            if ((await shop.GetAsync(path, cancellationToken)).GetProperty("status").GetString() is "succeeded")
                return true;
            await Task.Delay(100, cancellationToken);
        }

        return false;
    }

    private async Task<Acknowledged> DoneAsync(string path, string form, CancellationToken cancellationToken)
    {
        var answer = await shop.PostAsync(path, form, cancellationToken);
        Assert.True(answer.IsDone, $"{path} {form}: {(int)answer.Status} {answer.Body}");
        return answer;
    }

    // What a life that has just begun refuses for want of a channel that is not taken up again yet, it does a while later.
    private async Task<Acknowledged> OnceReadyAsync(string path, string form, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await shop.PostAsync(path, form, cancellationToken);
            if (answer.IsDone)
                return answer;
            Assert.True(tries < TriesMax, $"{path} {form}: {(int)answer.Status} {answer.Body}");
            await Task.Delay(500, cancellationToken);
        }
    }

    private static bool Chance(int oneIn) => RandomNumberGenerator.GetInt32(oneIn) == 0;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
