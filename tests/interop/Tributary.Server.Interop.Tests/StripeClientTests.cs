using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Payments;
using Tributary.Testing.Postgres;
using Tributary.Testing.Stripe;

namespace Tributary.Server.Interop.Tests;

/// <summary>The client that shops use, unmodified, pointed at our server.</summary>
public sealed class StripeClientTests(PostgresFixture postgres) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-stripe-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_shop_on_the_official_client_runs_on_us()
    {
        var token = TestContext.Current.CancellationToken;
        var built = await ServerHost.BuildAsync(new ServerOptions(0, _folder, BitcoinNetwork.Regtest), TimeProvider.System, token);
        await using var app = built.Value;
        await app.StartReadyAsync(token);
        var report = await StripeShop.RunAsync(new Uri(app.Urls.Single()), app.Services.GetRequiredService<TestAccess>().SecretKey, token);

        Assert.Equal("""{"status":"succeeded","received":2500,"note":"grün & süß","livemode":false}""", report.GetProperty("bought").GetRawText());
        Assert.Equal("requires_payment_method", report.GetProperty("open").GetString());
        Says(report, "declined", "StripeCardError", "card_declined", 402);
        Assert.Equal("generic_decline", report.GetProperty("declined").GetProperty("decline").GetString());
        Assert.Equal("requires_payment_method", report.GetProperty("declined").GetProperty("intent").GetString());
        Assert.Equal("succeeded", report.GetProperty("second").GetString());
        Assert.Equal("""{"status":"requires_capture","capturable":1000}""", report.GetProperty("held").GetRawText());
        Assert.Equal("""{"status":"succeeded","received":400}""", report.GetProperty("captured").GetRawText());
        Assert.Equal("abandoned", report.GetProperty("cancelled").GetString());
        Says(report, "again", "StripeInvalidRequestError", "payment_intent_unexpected_state", 400);
        Assert.True(report.GetProperty("once").GetBoolean());
        Says(report, "mismatch", "StripeIdempotencyError", null, 400);
        Assert.Equal("[106,105,104,103,102,101,100]", report.GetProperty("listed").GetRawText());
        Assert.Equal(
            """["payment_intent.payment_failed 900 requires_payment_method","payment_intent.succeeded 1000 succeeded","payment_intent.succeeded 2500 succeeded","payment_intent.succeeded 900 succeeded"]""",
            report.GetProperty("heard").GetRawText());
        Assert.Equal("StripeSignatureVerificationError", report.GetProperty("forged").GetString());
        Assert.Equal(2, report.GetProperty("events").GetInt32());
        Assert.True(report.GetProperty("event").GetBoolean());
        Assert.True(report.GetProperty("deleted").GetBoolean());
        Says(report, "missing", "StripeInvalidRequestError", "resource_missing", 404);
        Says(report, "unknown", "StripeInvalidRequestError", "parameter_unknown", 400);
        Assert.Equal("colour", report.GetProperty("unknown").GetProperty("param").GetString());
        Says(report, "stranger", "StripeAuthenticationError", null, 401);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_below_v1_works_by_the_official_client_on_both_databases_and_has_the_shapes_of_its_types(bool onPostgres)
    {
        var token = TestContext.Current.CancellationToken;
        var database = onPostgres ? await (await postgres.GetSharedAsync(token)).CreateDatabaseAsync(token) : null;
        var built = await ServerHost.BuildAsync(new ServerOptions(0, _folder, BitcoinNetwork.Regtest) { Database = database }, TimeProvider.System, token);
        await using var app = built.Value;
        await app.StartReadyAsync(token);
        var report = await StripeShop.RunAsync(new Uri(app.Urls.Single()), app.Services.GetRequiredService<TestAccess>().SecretKey, token, "catalogue.mjs");

        Assert.Equal("[]", report.GetProperty("complaints").GetRawText());
        await HasShapesAsync(report);
        Assert.True(report.GetProperty("records").GetInt32() > 60);
        Gave(report, "endpoint", "\"all of it\"");
        Gave(report, "methods", """["lightning","card"]""");
        Gave(report, "methodsOfCustomer", "1");
        Gave(report, "paid", """["succeeded","charge","Ada","4242"]""");
        Gave(report, "charge", "\"ada@shop.example\"");
        Gave(report, "charges", "1");
        Gave(report, "used", "\"amex\"");
        Gave(report, "found", "[2500]");
        Gave(report, "people", "1");
        Gave(report, "declined", "\"StripeCardError 402 card_declined undefined\"");
        Gave(report, "refund", """["succeeded",1000,true]""");
        Gave(report, "tooMuch", "\"StripeInvalidRequestError 400 amount_too_large amount\"");
        Gave(report, "refundCharge", "1000");
        Gave(report, "slow", """["pending","succeeded"]""");
        Gave(report, "returned", """["succeeded","expired_or_canceled_card"]""");
        Gave(report, "refunds", "1");
        Gave(report, "cancelled", "\"StripeInvalidRequestError 400 refund_unexpected_state undefined\"");
        Gave(report, "dispute", """["needs_response","fraudulent"]""");
        Gave(report, "won", "\"won\"");
        Gave(report, "lost", "\"lost\"");
        Gave(report, "payout", """["paid",1000]""");
        Gave(report, "broke", "\"StripeInvalidRequestError 400 balance_insufficient amount\"");
        Gave(report, "payouts", "1");
        Gave(report, "entries", "0");
        Gave(report, "review", "[true,true]");
        Gave(report, "limited", """[1,"StripePermissionError 403 more_permissions_required undefined","StripePermissionError 403 more_permissions_required undefined"]""");
        Gave(report, "gone", "true");
        Gave(report, "missing", "\"StripeInvalidRequestError 404 resource_missing id\"");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_shop_meets_in_a_long_life_is_what_stripes_documentation_says(bool onPostgres)
    {
        var token = TestContext.Current.CancellationToken;
        var database = onPostgres ? await (await postgres.GetSharedAsync(token)).CreateDatabaseAsync(token) : null;
        var built = await ServerHost.BuildAsync(new ServerOptions(0, _folder, BitcoinNetwork.Regtest) { Database = database }, TimeProvider.System, token);
        await using var app = built.Value;
        await app.StartReadyAsync(token);
        var report = await StripeShop.RunAsync(new Uri(app.Urls.Single()), app.Services.GetRequiredService<TestAccess>().SecretKey, token, "market.mjs");

        Assert.Equal("[]", report.GetProperty("differing").GetRawText());
        Assert.Equal("[]", report.GetProperty("complaints").GetRawText());
        Assert.True(report.GetProperty("steps").GetInt32() > 120);
        if (report.TryGetProperty("schema", out var schema))
            Assert.Equal("[]", schema.GetProperty("complaints").GetRawText());
    }

    [Fact]
    public async Task Too_little_too_much_too_late_and_twice_heal()
    {
        var token = TestContext.Current.CancellationToken;
        var built = await ServerHost.BuildAsync(new ServerOptions(0, _folder, BitcoinNetwork.Regtest), TimeProvider.System, token);
        await using var app = built.Value;
        await app.StartReadyAsync(token);
        var report = await StripeShop.RunAsync(new Uri(app.Urls.Single()), app.Services.GetRequiredService<TestAccess>().SecretKey, token, "settle.mjs");

        Assert.Equal("[]", report.GetProperty("differing").GetRawText());
        Assert.True(report.GetProperty("steps").GetInt32() > 35);
    }

    /// <summary>What the shops check beside everything else where there is a document; this says by name that there was none.</summary>
    [Fact]
    public async Task Answers_are_held_against_the_document_of_stripes_api()
    {
        var (file, reason) = await StripeShop.DocumentAsync();
        Assert.SkipWhen(file is null, reason);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file!, TestContext.Current.CancellationToken));
        Assert.True(document.RootElement.GetProperty("components").GetProperty("schemas").TryGetProperty("payment_intent", out _));
    }

    // With a document: nothing differs from it, and what is made to differ is noticed.
    private static async Task HasShapesAsync(JsonElement report)
    {
        if (!report.TryGetProperty("schema", out var schema))
        {
            Assert.Null((await StripeShop.DocumentAsync()).File);
            return;
        }

        Assert.Equal("[]", schema.GetProperty("complaints").GetRawText());
        Assert.Equal(
            """["payment_intent.amount","payment_intent.currency","payment_intent.id","payment_intent.metadata.order","payment_intent.status"]""",
            schema.GetProperty("noticed").GetRawText());
    }

    private static void Gave(JsonElement report, string step, string expected) => Assert.Equal((step, expected), (step, report.GetProperty(step).GetRawText()));

    private static void Says(JsonElement report, string step, string kind, string? code, int status)
    {
        var failure = report.GetProperty(step);
        Assert.Equal(kind, failure.GetProperty("class").GetString());
        Assert.Equal(code, failure.TryGetProperty("code", out var said) ? said.GetString() : null);
        Assert.Equal(status, failure.GetProperty("status").GetInt32());
    }
}
