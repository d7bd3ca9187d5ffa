using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Tributary.Testing.Postgres;

namespace Tributary.Faults.Tests;

/// <summary>
/// The real server under load, killed at random moments: what it acknowledged is there, nothing is there twice, everybody is told.
/// <c>TRIBUTARY_FAULT_ROUNDS</c> says how often it is killed; the default is small. <c>TRIBUTARY_FAULT_CARDS</c> and <c>TRIBUTARY_FAULT_LIGHTNING</c>
/// say how many shoppers pay by card and by Lightning at once.
/// </summary>
public sealed class KillTests(PostgresFixture postgres, ITestOutputHelper output) : IDisposable
{
    private const int DefaultRounds = 4;
    private const int DefaultCards = 6;
    private const int DefaultLightning = 1;

    private static readonly TimeSpan s_timeForAll = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_timeForRound = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private CancellationToken Token => _end.Token;

    private static int Rounds => Setting("TRIBUTARY_FAULT_ROUNDS", DefaultRounds);

    public void Dispose() => _end.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_acknowledged_is_lost_and_nothing_happens_twice_when_the_server_is_killed_under_load(bool onPostgres)
    {
        // Only what hangs takes so long.
        _end.CancelAfter(s_timeForAll + (Rounds * s_timeForRound));
        var folder = Directory.CreateTempSubdirectory("tributary-kill-").FullName;
        var database = onPostgres ? await (await postgres.GetSharedAsync(Token)).CreateDatabaseAsync(Token) : null;
        await using var server = new ServerProcess(Path.Combine(folder, "data"), database);
        await server.StartAsync(Token);
        await using var hooks = await HookReceiver.StartAsync(Token);
        using var shop = new ShopClient(server);
        Assert.True((await shop.PostAsync("/v1/webhook_endpoints", $"url={Uri.EscapeDataString(hooks.Url)}&enabled_events[]=*", Token)).IsDone);
        while (!(await shop.PostAsync("/v1/test_helpers/channels", "", Token)).IsDone)
            await Task.Delay(1000, Token);

        var journeys = await RunAsync(server, shop);
        output.WriteLine($"{journeys.Count} payments");
        await CheckAnswersAsync(shop, journeys);
        await CheckHooksAsync(shop, hooks);
        await server.StopAsync(Token);
        await CheckBooksAsync(server, journeys);

        // A fresh life compares the books with the channels soon after its start.
        await server.StartAsync(Token);
        await CheckReconciliationAsync(shop);
        output.WriteLine($"{Rounds} kills, {journeys.Count} payments, {shop.Answers.Count} answers, {shop.Repeats} repeats, {hooks.Taken.Count} events");
        await server.StopAsync(Token);
        Directory.Delete(folder, recursive: true);
    }

    private async Task<List<Journey>> RunAsync(ServerProcess server, ShopClient shop)
    {
        using var closing = new CancellationTokenSource();
        var cards = Setting("TRIBUTARY_FAULT_CARDS", DefaultCards);
        var shoppers = Enumerable.Range(0, cards + Setting("TRIBUTARY_FAULT_LIGHTNING", DefaultLightning)).Select(number => ShopAsync(shop, isLightning: number >= cards, closing.Token)).ToArray();
        var crowd = Task.WhenAll(shoppers);
        for (var round = 0; round < Rounds; round++)
        {
            // A life counts from its first answer: on a busy machine that takes longer than a life, and no life would get anything done.
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAny(crowd, shop.GetAsync("/v1/balance", Token));
            await Task.WhenAny(crowd, Task.Delay(Stopwatch.GetElapsedTime(began) + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(300, 3000)), Token));
            if (crowd.IsFaulted)
                break;
            await server.KillAsync(Token);
            await server.StartAsync(Token);
            output.WriteLine($"{DateTimeOffset.UtcNow:T} kill {round + 1}, {shop.Answers.Count} answers, {shop.Repeats} repeats");
        }

        await closing.CancelAsync();
        return [.. (await crowd).SelectMany(static done => done)];
    }

    // One journey after the other; the last one is gone to its end.
    private async Task<List<Journey>> ShopAsync(ShopClient shop, bool isLightning, CancellationToken closing)
    {
        var journeys = new List<Journey>();
        do
        {
            var journey = new Journey(shop);
            journeys.Add(journey);
            await (isLightning ? journey.PayByLightningAsync(Token) : journey.PayByCardAsync(Token));
        }
        while (!closing.IsCancellationRequested);

        return journeys;
    }

    private async Task CheckAnswersAsync(ShopClient shop, List<Journey> journeys)
    {
        // What was answered once is answered again, to the letter: a few hundred of them. What was refused for want of a channel may be asked for anew.
        foreach (var answer in shop.Answers.Where(static answer => answer.Status is HttpStatusCode.OK or HttpStatusCode.PaymentRequired && !answer.Path.Contains("test_helpers", StringComparison.Ordinal)).Take(400))
            Assert.Equal((answer.Status, answer.Body), await shop.RepeatAsync(answer, Token));

        var intents = (await shop.ListAsync("/v1/payment_intents", Token)).ToDictionary(static intent => intent.GetProperty("id").GetString()!, StringComparer.Ordinal);
        Assert.Equal(journeys.Select(static journey => journey.Id).Order(StringComparer.Ordinal), intents.Keys.Order(StringComparer.Ordinal));

        // What a partial capture leaves over goes back by itself; the shop did not ask for it.
        var refunds = (await shop.ListAsync("/v1/refunds", Token)).Where(static refund => !refund.GetProperty("tributary").GetProperty("excess").GetBoolean()).ToLookup(static refund => refund.GetProperty("payment_intent").GetString()!, StringComparer.Ordinal);
        foreach (var journey in journeys)
        {
            var intent = intents[journey.Id];
            Assert.Equal((journey.IsCancelled ? "canceled" : "succeeded", journey.Received), (intent.GetProperty("status").GetString(), intent.GetProperty("amount_received").GetInt64()));
            Assert.True(
                journey.Refunds.Order(StringComparer.Ordinal).SequenceEqual(refunds[journey.Id].Select(static refund => refund.GetProperty("id").GetString()!).Order(StringComparer.Ordinal), StringComparer.Ordinal),
                $"The shop asked for the refunds [{string.Join(", ", journey.Refunds)}] of {intent}; there are {string.Join(", ", refunds[journey.Id])}");
            Assert.Equal(journey.Refunded, refunds[journey.Id].Sum(static refund => refund.GetProperty("amount").GetInt64()));
        }

        var balance = await shop.GetAsync("/v1/balance", Token);
        var cards = journeys.Where(static journey => !journey.IsLightning).Sum(static journey => journey.Received - journey.Refunded);
        Assert.Equal(cards, balance.GetProperty("available").EnumerateArray().Where(static line => line.GetProperty("currency").GetString() is "usd").Sum(static line => line.GetProperty("amount").GetInt64()));
    }

    private async Task CheckHooksAsync(ShopClient shop, HookReceiver hooks)
    {
        // The last events get their numbers a moment after their causes, and that a delivery was taken is written down after it was.
        List<JsonElement> events;
        do
        {
            events = await shop.ListAsync("/v1/events", Token);
            await Task.Delay(1000, Token);
        }
        while (!string.Equals((await shop.GetAsync("/v1/events?limit=1", Token)).GetProperty("data")[0].GetProperty("id").GetString(), events[0].GetProperty("id").GetString(), StringComparison.Ordinal));

        foreach (var told in events)
        {
            while (!hooks.Taken.ContainsKey(told.GetProperty("id").GetString()!))
                await Task.Delay(100, Token);
        }

        while (!await IsAllToldAsync(shop))
            await Task.Delay(100, Token);

        foreach (var told in hooks.Sequences.Keys.ToLookup(static key => key.Object, static key => key.Sequence, StringComparer.Ordinal))
            Assert.Equal(Enumerable.Range(1, told.Count()).Select(static number => (long)number), told.Order());
    }

    private async Task<bool> IsAllToldAsync(ShopClient shop)
    {
        var health = await shop.GetAsync("/health", Token, isOpinion: true);
        return health.GetProperty("outbox_waiting").GetInt64() == 0 && health.GetProperty("webhooks_waiting").GetInt64() == 0;
    }

    private async Task CheckBooksAsync(ServerProcess server, List<Journey> journeys)
    {
        await using var books = await Books.OpenAsync(server, Token);
        Assert.Equal(0, await Books.CountUnbalancedAsync(books, Token));
        Assert.Equal(0, await Books.CountMiscountedAsync(books, Token));
        Assert.Equal((0, 0), await Books.CountHolesAsync(books, Token));
        Assert.Equal(0, await Books.CountForgottenAsync(books, Token));
        foreach (var journey in journeys.Where(static journey => !journey.IsLightning))
        {
            var refunds = await Books.RefundsAsync(books, journey.Id, Token);
            Assert.Equal((journey.Id, journey.Received - journey.Refunded), (journey.Id, await Books.SumAsync(books, "CardProcessor", [journey.Id, .. refunds], Token)));
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private async Task CheckReconciliationAsync(ShopClient shop)
    {
        while (true)
        {
            var health = await shop.GetAsync("/health", Token, isOpinion: true);
            if (health.GetProperty("reconciliation").GetString() is { } outcome && !string.Equals(outcome, "busy", StringComparison.Ordinal))
            {
                Assert.True(outcome is "balanced", health.GetRawText());
                return;
            }

            await Task.Delay(500, Token);
        }
    }
}
