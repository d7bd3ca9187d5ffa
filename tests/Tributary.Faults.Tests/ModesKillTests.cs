using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Tributary.Storage.Relational;
using Tributary.Testing.Bitcoind;

namespace Tributary.Faults.Tests;

/// <summary>
/// <c>kill -9</c> of a server with both kinds of money: cards are paid with test keys and coins on a real bitcoind with live ones, and afterwards each
/// half has what it acknowledged and nothing of the other.
/// </summary>
public sealed class ModesKillTests(BitcoindFixture bitcoind, ITestOutputHelper output) : IDisposable
{
    private const string Payer = "payer";
    private const int DefaultRounds = 2;
    private const long LiveSat = 20_000;

    // Only what hangs takes so long.
    private static readonly TimeSpan s_timeForAll = TimeSpan.FromMinutes(15);

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-modes-").FullName;
    private readonly ConcurrentDictionary<string, long> _paid = new(StringComparer.Ordinal);

    private CancellationToken Token => _end.Token;

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_FAULT_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : DefaultRounds;

    public void Dispose()
    {
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Each_half_keeps_what_it_acknowledged_when_the_server_is_killed_and_has_nothing_of_the_other()
    {
        _end.CancelAfter(s_timeForAll + (Rounds * TimeSpan.FromMinutes(1)));
        await using var chain = await bitcoind.StartAsync([], Token);
        await chain.RpcAsync("createwallet", Token, Payer);
        await MineAsync(chain, 110);
        await using var server = new ServerProcess(Path.Combine(_folder, "data"), database: null);
        server.Arguments.AddRange(["--bitcoind", chain.RpcAddress.ToString(), "--bitcoind-cookie", chain.CookiePath]);
        await server.StartAsync(Token);
        using var test = new ShopClient(server);
        using var live = new ShopClient(server, isLive: true);
        await WaitForHealthAsync(live, static health => health.GetProperty("live").GetProperty("node").GetString() is "ready");

        var journeys = await RunAsync(server, chain, test, live);
        output.WriteLine($"{Rounds} kills, {journeys.Count} test payments, {_paid.Count} live payments, {test.Repeats + live.Repeats} repeats");
        await CheckAsync(test, journeys.Select(static journey => journey.Id), isLive: false);
        await CheckAsync(live, _paid.Keys, isLive: true);
        foreach (var (id, amount) in _paid)
            Assert.Equal(("succeeded", amount), Received(await live.GetAsync($"/v1/payment_intents/{id}", Token)));
        await server.StopAsync(Token);
        await using (var books = await Books.OpenAsync(server, Token))
            await CheckBooksAsync(books);
        await using (var books = await Books.OpenLiveAsync(server, Token))
            await CheckBooksAsync(books);

        // A fresh life compares both books with their chains soon after its start.
        await server.StartAsync(Token);
        var last = await WaitForHealthAsync(live, static health => Outcome(health) is not (null or "busy") && Outcome(health.GetProperty("live")) is not (null or "busy"));
        Assert.True(Outcome(last) is "balanced" && Outcome(last.GetProperty("live")) is "balanced", last.GetRawText());
        await server.StopAsync(Token);
    }

    private async Task<List<Journey>> RunAsync(ServerProcess server, BitcoindNode chain, ShopClient test, ShopClient live)
    {
        using var closing = new CancellationTokenSource();
        var cards = ShopAsync(test, closing.Token);
        var coins = PayAsync(chain, live, closing.Token);
        var crowd = Task.WhenAll(cards, coins);
        for (var round = 0; round < Rounds; round++)
        {
            // Each life answers both, however slow the machine is; then it has a random while more.
            var (tests, lives) = (test.Answers.Count, live.Answers.Count);
            while (!crowd.IsFaulted && (test.Answers.Count == tests || live.Answers.Count == lives))
                await Task.Delay(50, Token);
            await Task.WhenAny(crowd, Task.Delay(RandomNumberGenerator.GetInt32(100, 3000), Token));
            if (crowd.IsFaulted)
                break;
            await server.KillAsync(Token);
            await server.StartAsync(Token);
        }

        await closing.CancelAsync();
        await crowd;
        return await cards;
    }

    private async Task<List<Journey>> ShopAsync(ShopClient shop, CancellationToken closing)
    {
        var journeys = new List<Journey>();
        do
        {
            journeys.Add(new Journey(shop));
            await journeys[^1].PayByCardAsync(Token);
        }
        while (!closing.IsCancellationRequested);

        return journeys;
    }

    // An intent, its address, coins for it, a block: the server may die between any two of these.
    private async Task PayAsync(BitcoindNode chain, ShopClient shop, CancellationToken closing)
    {
        do
        {
            var amount = LiveSat + RandomNumberGenerator.GetInt32(5_000);
            var intent = await shop.PostAsync("/v1/payment_intents", $"amount={amount.ToString(CultureInfo.InvariantCulture)}&currency=btc", Token);
            Assert.True(intent.IsDone, intent.Body);
            while (true)
            {
                // A node that has just started offers nothing yet.
                var confirmed = await shop.PostAsync($"/v1/payment_intents/{intent.Id}/confirm", "payment_method_data[type]=bitcoin", Token);
                if (confirmed.IsDone)
                {
                    var address = confirmed.Json.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("bitcoin").GetProperty("address").GetString();
                    await chain.WalletRpcAsync(Payer, "sendtoaddress", Token, address, amount / 100_000_000m);
                    break;
                }

                await Task.Delay(200, Token);
            }

            _paid[intent.Id] = amount;
            while ((await shop.GetAsync($"/v1/payment_intents/{intent.Id}", Token)).GetProperty("status").GetString() is not "succeeded")
            {
                await MineAsync(chain, 1);
                await Task.Delay(500, Token);
            }
        }
        while (!closing.IsCancellationRequested);
    }

    private async Task CheckAsync(ShopClient shop, IEnumerable<string> known, bool isLive)
    {
        foreach (var answer in shop.Answers.Take(100))
            Assert.Equal((answer.Status, answer.Body), await shop.RepeatAsync(answer, Token));
        var intents = await shop.ListAsync("/v1/payment_intents", Token);
        Assert.Equal(known.Order(StringComparer.Ordinal), intents.Select(static intent => intent.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(intents, intent => Assert.Equal(isLive, intent.GetProperty("livemode").GetBoolean()));
    }

    private async Task CheckBooksAsync(IDatabase books)
    {
        Assert.Equal(0, await Books.CountUnbalancedAsync(books, Token));
        Assert.Equal(0, (await Books.CountHolesAsync(books, Token)).Gaps);
    }

    private async Task<JsonElement> WaitForHealthAsync(ShopClient shop, Func<JsonElement, bool> isThere)
    {
        while (true)
        {
            var health = await shop.GetAsync("/health", Token, isOpinion: true);
            if (isThere(health))
                return health;
            await Task.Delay(300, Token);
        }
    }

    private async Task MineAsync(BitcoindNode chain, int blocks) =>
        await chain.RpcAsync("generatetoaddress", Token, blocks, (await chain.WalletRpcAsync(Payer, "getnewaddress", Token)).GetString());

    private static string? Outcome(JsonElement half) => half.GetProperty("reconciliation").GetString();

    private static (string? Status, long Amount) Received(JsonElement intent) => (intent.GetProperty("status").GetString(), intent.GetProperty("amount_received").GetInt64());
}
