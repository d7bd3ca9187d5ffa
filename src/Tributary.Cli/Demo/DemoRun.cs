using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Payments.Reconciliation;
using Tributary.Server;
using Tributary.Server.Payments;

namespace Tributary.Cli.Demo;

/// <summary>
/// One payment through everything: a server, the merchant's node, a shopper's node, a channel, an intent through the API, a payment, its webhook,
/// a refund of the half, and the books against the world.
/// </summary>
internal sealed class DemoRun(ServerOptions options, TimeProvider clock, Action<DemoStep> onStep)
{
    private const long AmountCents = 2500;

    private readonly List<DemoStep> _steps = [];

    internal async Task<DemoReport> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<DemoBookLine> books = [];
        string? problem = null;
        WebApplication? app = null;
        try
        {
            app = await StepAsync("start the server", () => StartAsync(cancellationToken), app => app.Urls.First());
            await ShopAsync(app, cancellationToken);
            books = await StepAsync("reconcile", () => ReconcileAsync(app, cancellationToken), static lines => $"{lines.Count} lines agree to the millisatoshi");
        }
        catch (Exception exception) when (exception is DemoException or HttpRequestException or JsonException)
        {
            problem = exception.Message;
        }
        finally
        {
            if (app is not null)
                await app.DisposeAsync();
        }

        return new DemoReport(problem is null, options.BitcoindUrl is null ? "embedded" : "bitcoind", _steps, books, problem);
    }

    private async Task ShopAsync(WebApplication app, CancellationToken cancellationToken)
    {
        using var shop = new ShopClient(new Uri(app.Urls.First()), app.Services.GetRequiredService<TestAccess>().SecretKey);
        await using var hooks = await WebhookListener.StartAsync(clock, cancellationToken);
        await StepAsync("first answer", () => shop.GetAsync("/v1/payment_intents?limit=1", cancellationToken), static _ => "200");
        await StepAsync(
            "open a channel between shopper and merchant", () => shop.PostAsync("/v1/test_helpers/channels", cancellationToken), static _ => "usable in both directions");
        var endpoint = await StepAsync(
            "register a webhook",
            () => shop.PostAsync("/v1/webhook_endpoints", cancellationToken, ("url", hooks.Url), ("enabled_events[]", "*")),
            static made => made.GetProperty("id").GetString()!);
        hooks.Trust(endpoint.GetProperty("secret").GetString()!);

        var cents = AmountCents.ToString(CultureInfo.InvariantCulture);
        var intent = await StepAsync(
            "create a payment intent of 25.00 EUR",
            () => shop.PostAsync("/v1/payment_intents", cancellationToken, ("amount", cents), ("currency", "eur"), ("description", "Demo")),
            static made => made.GetProperty("id").GetString()!);
        var id = intent.GetProperty("id").GetString()!;
        await StepAsync(
            "confirm it with Lightning",
            () => shop.PostAsync($"/v1/payment_intents/{id}/confirm", cancellationToken, ("payment_method_data[type]", "lightning")),
            static confirmed => InvoiceOf(confirmed)[..20] + "…");
        await StepAsync("pay it as the shopper", () => shop.PostAsync($"/v1/test_helpers/payment_intents/{id}/pay", cancellationToken), static paid => Require(paid, "succeeded"));
        await StepAsync(
            "receive the webhook, signature checked",
            () => hooks.WaitAsync("payment_intent.succeeded", one => string.Equals(one.GetProperty("id").GetString(), id, StringComparison.Ordinal), cancellationToken),
            static told => told.GetProperty("id").GetString()!);
        await RefundAsync(shop, id, cancellationToken);
    }

    // The shopper says where to: a Lightning payment has no sender to give it back to.
    private async Task RefundAsync(ShopClient shop, string id, CancellationToken cancellationToken)
    {
        var half = (AmountCents / 2).ToString(CultureInfo.InvariantCulture);
        var invoice = await StepAsync(
            "ask the shopper for an invoice",
            () => shop.PostAsync("/v1/test_helpers/invoices", cancellationToken, ("description", "Refund of the demo")),
            static made => made.GetProperty("invoice").GetString()![..20] + "…");
        await StepAsync(
            "refund half of it",
            () => shop.PostAsync("/v1/refunds", cancellationToken, ("payment_intent", id), ("amount", half), ("tributary[destination]", invoice.GetProperty("invoice").GetString()!)),
            static refund => Require(refund, "succeeded"));
        await StepAsync(
            "the shopper has it",
            () => shop.GetAsync($"/v1/test_helpers/invoices/{invoice.GetProperty("id").GetString()}", cancellationToken),
            static paid => Require(paid, "received") + $" {paid.GetProperty("amount_msat").GetString()} msat");
    }

    private async Task<WebApplication> StartAsync(CancellationToken cancellationToken)
    {
        if (!(await ServerHost.BuildAsync(options, clock, cancellationToken)).TryGet(out var app, out var refusal))
            throw new DemoException(refusal.ToString());
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static async Task<IReadOnlyList<DemoBookLine>> ReconcileAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var report = await app.Services.GetRequiredService<Reconciler>().RunAsync(cancellationToken);
        return report.Outcome == ReconciliationOutcome.Balanced
            ? [.. report.Lines.Select(static line => new DemoBookLine(line.Name, line.Ledger, line.UnderWay, line.Actual))]
            : throw new DemoException($"The books and the world do not agree ({report.Outcome}): {string.Join(" ", report.Problems)}");
    }

    private static string InvoiceOf(JsonElement intent) =>
        intent.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("lightning").GetProperty("invoice").GetString()!;

    private static string Require(JsonElement answer, string status) =>
        string.Equals(answer.GetProperty("status").GetString(), status, StringComparison.Ordinal)
            ? status
            : throw new DemoException($"{answer.GetProperty("id").GetString()} is {answer.GetProperty("status").GetString()} where it should be {status}.");

    private async Task<T> StepAsync<T>(string name, Func<Task<T>> run, Func<T, string> describe)
    {
        var began = clock.GetTimestamp();
        var result = await run();
        var step = new DemoStep(name, Math.Round(clock.GetElapsedTime(began).TotalMilliseconds, 1), describe(result));
        _steps.Add(step);
        onStep(step);
        return result;
    }
}
