using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Tributary.Crypto;
using Tributary.Payments.Checkout;
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

namespace Tributary.Payments.Benchmarks;

/// <summary>
/// Fills a stopped server's database with payments, by the payment core itself: six in ten succeed by card, with their ledger, events and
/// daily sums; two are declined once; the rest are never paid.
/// </summary>
internal static class StoredPayments
{
    private const int Group = 25_000;
    private const int FollowGroup = 20_000;
    private const int Numbered = 20;

    /// <summary>How many there are.</summary>
    internal static async Task<long> CountAsync(string folder)
    {
        await using var database = await OpenAsync(folder);
        return await database.ReadAsync(
            static (transaction, token) => transaction.FirstOrDefaultAsync("SELECT COUNT(*) FROM intents", SqlArguments.None, static row => row.Integer(0), token), CancellationToken.None);
    }

    /// <summary>Adds as many as are missing.</summary>
    internal static async Task FillAsync(string folder, string storeId, int wanted, TextWriter progress)
    {
        await using var database = await OpenAsync(folder);
        var there = await database.ReadAsync(
            static (transaction, token) => transaction.FirstOrDefaultAsync("SELECT COUNT(*) FROM intents", SqlArguments.None, static row => row.Integer(0), token), CancellationToken.None);
        var began = Stopwatch.GetTimestamp();

        // Names are random, so a group touches most pages of each index: it is written once for the group only if all of them stay in memory.
        await database.WriteAsync(static (transaction, token) => transaction.ExecuteAsync("PRAGMA cache_size = -600000", SqlArguments.None, token), CancellationToken.None);
        for (var done = there; done < wanted; done += Group)
        {
            var (first, count) = (done, (int)Math.Min(Group, wanted - done));
            await database.WriteAsync((transaction, token) => FillAsync(new OneTransaction(transaction), storeId, first, count, token), CancellationToken.None);
            Tell(progress, "payments stored", done + count - there, wanted - there, began);
        }

        await FollowAsync(database, progress);
    }

    private static async Task<SqliteDatabase> OpenAsync(string folder) => await SqliteDatabase.OpenAsync(Path.Combine(folder, "payments.db"), 1, CancellationToken.None);

    private static async ValueTask<int> FillAsync(OneTransaction database, string storeId, long first, int count, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var ids = new ObjectIds(SystemEntropy.Instance);
        var euro = Currency.Of("eur");
        var quoter = new Quoter(new FixedPriceSource([new BitcoinPrice(euro, 6_000_000_000)], clock), clock);
        var payments = new PaymentService(database, new PaymentStore(ids, clock), ids, quoter, [new CardRail(clock)], new PaymentOptions(), clock);
        for (var number = first; number < first + count; number++)
        {
            // As the server's worker does, some payments after the other: a row that gets its number late no longer fits where it lies.
            if (number % Numbered == 0)
                await OutboxLog.NumberAsync(database, FollowGroup, cancellationToken);
            var request = new PaymentRequest
            {
                StoreId = storeId,
                IsLive = false,
                Amount = new CurrencyAmount(100 + (number * 7919 % 50_000), euro),
                Description = "Order " + number.ToString(CultureInfo.InvariantCulture),
                Metadata = ImmutableSortedDictionary<string, string>.Empty.Add("order_id", number.ToString(CultureInfo.InvariantCulture)),
                // What is never paid stays open beyond the measurement, so that no wave of expiries falls into it.
                Lifetime = TimeSpan.FromDays(30),
            };
            var made = await payments.CreateAsync(request, null, cancellationToken);
            var id = made.Value.Intent.Id;
            if (number % 10 < 2)
                await payments.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, "4000000000000002"), null, cancellationToken);
            if (number % 10 < 6)
                await payments.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, "4242424242424242"), null, cancellationToken);
        }

        return count;
    }

    // What the server's worker would do on its way: without it the first minutes would measure it catching up.
    private static async Task FollowAsync(SqliteDatabase database, TextWriter progress)
    {
        var clock = TimeProvider.System;
        var checkout = new CheckoutFollower(database, new ObjectIds(SystemEntropy.Instance), clock);
        var totals = new DailyTotals(database);
        var outcomes = new DailyOutcomes(database);
        var began = Stopwatch.GetTimestamp();
        long done = 0;
        while (true)
        {
            var worked = await OutboxLog.NumberAsync(database, FollowGroup, CancellationToken.None)
                + await checkout.FollowAsync(FollowGroup, CancellationToken.None)
                + await LedgerBalances.CountAsync(database, FollowGroup, CancellationToken.None)
                + await totals.FollowAsync(FollowGroup, CancellationToken.None)
                + await outcomes.FollowAsync(FollowGroup, CancellationToken.None);
            if (worked == 0)
                return;
            done += worked;
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {done:N0} events followed, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s"));
        }
    }

    private static void Tell(TextWriter progress, string what, long done, long all, long began)
    {
        if (done % (Group * 2) != 0 && done != all)
            return;
        var spent = Stopwatch.GetElapsedTime(began);
        var left = spent * ((double)(all - done) / done);
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {done:N0} of {all:N0} {what}, {left.TotalSeconds:0} s left"));
    }
}
