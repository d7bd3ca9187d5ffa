using Tributary.Crypto;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Reporting;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Payments.Tests.Reporting;

public sealed class DailyTotalsTests : IDisposable
{
    private const string Store = "store_1";
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-reporting-").FullName;
    private readonly TestClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_payment_counts_once_on_its_day_and_what_did_not_succeed_does_not()
    {
        await using var database = await SqliteDatabase.OpenAsync(Path.Combine(_folder, "payments.db"), 4, Token);
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, Tributary.Payments.Risk.RiskTables.Module, Tributary.Payments.Risk.RiskTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, ReportingTables.Module, ReportingTables.Migrations, Token);
        var ids = new ObjectIds(SystemEntropy.Instance);
        var payments = new PaymentService(
            database, new PaymentStore(ids, _clock), ids, new Quoter(new FixedPriceSource([], _clock), _clock), [new CardRail(_clock)], new PaymentOptions(), _clock);
        await PayAsync(payments, 1000, "eur", "4242424242424242");
        await PayAsync(payments, 500, "eur", "4242424242424242");
        await PayAsync(payments, 700, "eur", "4000000000000002");
        await PayAsync(payments, 900, "usd", "4242424242424242");
        _clock.Advance(TimeSpan.FromDays(1));
        await PayAsync(payments, 250, "eur", "4242424242424242");

        var today = DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);
        for (var i = 0; i < 3; i++)
        {
            await OutboxLog.NumberAsync(database, 1000, Token);

            // One that starts anew goes on after what is counted.
            var totals = new DailyTotals(database);
            while (await totals.FollowAsync(2, Token) > 0)
            {
            }

            var found = await database.ReadAsync((transaction, token) => DailyTotals.ListAsync(transaction, Store, isLive: false, today.AddDays(-7), token), Token);
            Assert.Equal(
                [Total(today.AddDays(-1), 2, 1500, "eur"), Total(today.AddDays(-1), 1, 900, "usd"), Total(today, 1, 250, "eur")],
                found);
        }

        Assert.Empty(await database.ReadAsync((transaction, token) => DailyTotals.ListAsync(transaction, Store, isLive: true, today.AddDays(-7), token), Token));
    }

    private static DailyTotal Total(DateOnly day, long payments, long amount, string currency) => new(day, payments, new CurrencyAmount(amount, Currency.Of(currency)));

    private static async Task PayAsync(PaymentService payments, long amount, string currency, string card)
    {
        var created = await payments.CreateAsync(new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(amount, Currency.Of(currency)) }, null, Token);
        await payments.ConfirmAsync(created.Value.Intent.Id, new ConfirmRequest(RailKind.Card, card), null, Token);
    }
}
