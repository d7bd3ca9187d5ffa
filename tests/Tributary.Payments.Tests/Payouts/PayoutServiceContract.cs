using System.Collections.Immutable;
using Tributary.Crypto;
using Tributary.Payments.Access;
using Tributary.Payments.Balances;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Payouts;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Storage;
using Tributary.Payments.Tests.Rails;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.Payouts;

/// <summary>Payouts on a real database; each database runs it.</summary>
public abstract class PayoutServiceContract
{
    private const string Store = "store_1";
    private readonly TestClock _clock = new();
    private readonly ScriptedOutgoingRail _lightning = new(RailKind.Lightning);
    private readonly ScriptedOutgoingRail _chain = new(RailKind.OnChain);
    private readonly SwitchedGate _gate = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task A_payout_leaves_once_and_its_fee_is_the_stores()
    {
        await using var world = await OpenWorldAsync(1_000_000_000);
        _chain.Fee = 2000;
        var made = (await world.Payouts.CreateAsync(Request(600_000, "bc1-cold"), null, Token)).Value;
        Assert.Equal(400_000_000, await SpendableAsync(world));
        var paid = await world.Payouts.SendAsync(made, Token);
        Assert.Equal((PayoutStatus.Paid, 2000), (paid.Status, paid.Fee));
        Assert.Equal(600_002_000, _chain.Left);
        Assert.Equal(399_998_000, await SpendableAsync(world));
        Assert.Equal(0, await world.Engine.RunAsync(10, Token));
        Assert.Equal(["payout.created", "payout.paid"], await HistoryAsync(world, made.Id));

        var entries = await world.Database.ReadAsync((transaction, token) => BalanceTransactions.ListAsync(transaction, new BalanceQuery(Store, false, 10), token), Token);
        Assert.Equal(399_998_000, entries.Sum(static entry => entry.Amount - entry.Fee));
    }

    [Fact]
    public async Task Payouts_that_race_never_spend_more_than_there_is()
    {
        await using var world = await OpenWorldAsync(1_000_000_000);
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => world.Payouts.CreateAsync(Request(300_000, "bc1-" + i), null, Token)));
        Assert.Equal(3, made.Count(static answer => answer.IsOk));
        Assert.All(made.Where(static answer => !answer.IsOk), static answer => Assert.Equal("balance_insufficient", answer.Error.Code));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Engine.RunAsync(10, Token)));
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(900_000_000, _chain.Left);
        Assert.Equal(100_000_000, await SpendableAsync(world));
    }

    [Fact]
    public async Task Above_the_limit_a_second_person_agrees_or_nothing_leaves()
    {
        await using var world = await OpenWorldAsync(1_000_000_000);
        var policy = new OutgoingPolicy { ApprovalAbove = ImmutableSortedDictionary<string, long>.Empty.Add("msat", 100_000_000) };
        Assert.True((await world.Payouts.SetPolicyAsync(Store, false, policy, Token)).IsOk);
        var small = (await world.Payouts.CreateAsync(Request(100_000, "bc1-cold"), null, Token)).Value;
        var large = (await world.Payouts.CreateAsync(Request(100_001, "bc1-cold"), null, Token)).Value;
        Assert.Equal((PayoutStatus.Pending, PayoutStatus.AwaitingApproval), (small.Status, large.Status));
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(100_000_000, _chain.Left);
        Assert.Equal("approval_by_creator", (await world.Payouts.ApproveAsync(Store, false, large.Id, "key_1", null, Token)).Error.Code);
        Assert.Equal(PayoutStatus.Pending, (await world.Payouts.ApproveAsync(Store, false, large.Id, "user_2", null, Token)).Value.Status);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(200_001_000, _chain.Left);
        Assert.Equal("payout_unexpected_state", (await world.Payouts.ApproveAsync(Store, false, large.Id, "user_2", null, Token)).Error.Code);
    }

    [Fact]
    public async Task A_new_destination_waits_and_its_payout_can_be_taken_back_until_then()
    {
        await using var world = await OpenWorldAsync(1_000_000_000);
        await world.Payouts.SetPolicyAsync(Store, false, new OutgoingPolicy { DestinationDelay = TimeSpan.FromHours(24) }, Token);
        var first = (await world.Payouts.CreateAsync(Request(1000, "bc1-new"), null, Token)).Value;
        var second = (await world.Payouts.CreateAsync(Request(2000, "bc1-new"), null, Token)).Value;
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromHours(24), first.SendAt);
        Assert.Equal("destination_expired", (await world.Payouts.CreateAsync(Request(1000, "lnbc-soon-over"), null, Token)).Error.Code);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(PayoutStatus.Canceled, (await world.Payouts.CancelAsync(Store, false, second.Id, null, Token)).Value.Status);
        Assert.Empty(_chain.Calls);

        // Whoever shortens the time and changes the destination waits for the longer one all the same.
        await world.Payouts.SetPolicyAsync(Store, false, new OutgoingPolicy { Destination = "bc1-thief" }, Token);
        var thief = (await world.Payouts.CreateAsync(Request(500_000, null), null, Token)).Value;
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromHours(24), thief.SendAt);
        _clock.Advance(TimeSpan.FromHours(25));
        await world.Payouts.CancelAsync(Store, false, thief.Id, null, Token);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(1_000_000, _chain.Left);
        Assert.Equal("payout_unexpected_state", (await world.Payouts.CancelAsync(Store, false, first.Id, null, Token)).Error.Code);
        Assert.Equal(_clock.GetUtcNow(), (await world.Payouts.CreateAsync(Request(1000, "bc1-new"), null, Token)).Value.SendAt);
    }

    [Fact]
    public async Task What_a_rail_may_have_heard_of_is_taken_back_by_nobody()
    {
        await using var world = await OpenWorldAsync(1_000_000_000);
        _chain.Answers.Enqueue(null);
        var made = (await world.Payouts.CreateAsync(Request(1000, "bc1-cold"), null, Token)).Value;
        await world.Engine.RunAsync(10, Token);
        Assert.Equal("payout_unexpected_state", (await world.Payouts.CancelAsync(Store, false, made.Id, null, Token)).Error.Code);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(PayoutStatus.Paid, (await world.Payouts.FindAsync(Store, false, made.Id, Token))!.Status);
        Assert.Equal(1_000_000, _chain.Left);
    }

    [Fact]
    public async Task A_payout_that_fails_for_good_gives_the_money_back()
    {
        await using var world = await OpenWorldAsync(1_000_000_000);
        _lightning.Answers.Enqueue(new OutgoingReport.Pending("hash"));
        _lightning.Answers.Enqueue(new OutgoingReport.Failed("no_route", "No route."));
        var made = await world.Payouts.SendAsync((await world.Payouts.CreateAsync(Request(1000, "lnbc-away"), null, Token)).Value, Token);
        Assert.Equal(PayoutStatus.InTransit, made.Status);
        _clock.Advance(TimeSpan.FromSeconds(5));
        made = await world.Payouts.SendAsync(made, Token);
        Assert.Equal((PayoutStatus.Failed, "no_route"), (made.Status, made.FailureCode));
        Assert.Equal(1_000_000_000, await SpendableAsync(world));
        Assert.Equal("destination_used", (await world.Payouts.CreateAsync(Request(1000, "lnbc-away"), null, Token)).Error.Code);
    }

    [Fact]
    public async Task The_switch_stops_payouts_and_the_cap_sweeps_what_is_above_it()
    {
        await using var world = await OpenWorldAsync(1_000_000_000);
        await world.Payouts.SetPolicyAsync(Store, false, new OutgoingPolicy { HotWalletCap = 200_000_000, Destination = "bc1-cold" }, Token);
        _gate.IsStopped = true;
        Assert.Equal(1, await world.Payouts.SweepAsync(Token));
        Assert.Equal(0, await world.Payouts.SweepAsync(Token));
        await world.Engine.RunAsync(10, Token);
        Assert.Empty(_chain.Calls);
        _gate.IsStopped = false;
        await world.Engine.RunAsync(10, Token);
        Assert.InRange(_chain.Left, 799_990_000, 800_000_000);
        Assert.True((await world.Payouts.ListAsync(new PayoutQuery(Store, false, 10), Token)).Single().IsAutomatic);
        Assert.Equal(0, await world.Payouts.SweepAsync(Token));
        Assert.Equal("hot_wallet_cap", (await world.Payouts.SetPolicyAsync(Store, false, new OutgoingPolicy { HotWalletCap = 5 }, Token)).Error.Parameter);
    }

    [Fact]
    public async Task A_keys_limit_counts_refunds_and_payouts_of_a_day_together()
    {
        await using var world = await OpenWorldAsync(1_000_000_000);
        var key = new ApiKey("key_1", Store, false) { Kind = KeyKind.Restricted, SpendingPerDay = ImmutableSortedDictionary<string, long>.Empty.Add("msat", 5_000_000) };
        var request = Request(3000, "bc1-cold") with { Guard = new KeySpending(key, _clock) };
        Assert.True((await world.Payouts.CreateAsync(request, null, Token)).IsOk);
        Assert.Equal("spending_limit_exceeded", (await world.Payouts.CreateAsync(request, null, Token)).Error.Code);
        Assert.True((await world.Payouts.CreateAsync(request with { Amount = new CurrencyAmount(2000, Currency.Bitcoin) }, null, Token)).IsOk);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.True((await world.Payouts.CreateAsync(request, null, Token)).IsOk);
    }

    [Theory]
    [InlineData(0, "bc1", "parameter_invalid_integer", "amount")]
    [InlineData(-1, "bc1", "parameter_invalid_integer", "amount")]
    [InlineData(2_100_000_000_000_001, "bc1", "amount_too_large", "amount")]
    [InlineData(2_000_000, "bc1", "balance_insufficient", "amount")]
    [InlineData(1000, "bad", "destination_invalid", "destination")]
    [InlineData(1000, null, "parameter_missing", "destination")]
    public async Task What_is_wrong_is_named_and_changes_nothing(long amount, string? destination, string code, string parameter)
    {
        await using var world = await OpenWorldAsync(1_000_000_000);
        var refused = (await world.Payouts.CreateAsync(Request(amount, destination), null, Token)).Error;
        Assert.Equal((code, parameter), (refused.Code, refused.Parameter));
        Assert.Equal(1_000_000_000, await SpendableAsync(world));
    }

    private static PayoutRequest Request(long satoshis, string? destination) =>
        new() { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(satoshis, Currency.Bitcoin), Destination = destination, Actor = "key_1" };

    private static async Task<long> SpendableAsync(World world) =>
        await world.Database.ReadAsync((transaction, token) => StoreBalances.SpendableAsync(transaction, Store, false, Asset.Bitcoin, token), Token);

    private static async Task<List<string>> HistoryAsync(World world, string objectId)
    {
        await OutboxLog.NumberAsync(world.Database, 1000, Token);
        return [.. (await OutboxLog.ReadAsync(world.Database, 0, 1000, Token)).Where(told => string.Equals(told.ObjectId, objectId, StringComparison.Ordinal)).Select(static told => told.Kind)];
    }

    // A store that has earned so much on chain.
    private async Task<World> OpenWorldAsync(long earned)
    {
        var database = await OpenAsync();
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, AccessTables.Module, AccessTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, OutgoingTables.Module, OutgoingTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, PayoutTables.Module, PayoutTables.Migrations, Token);
        await database.WriteAsync(
            async (transaction, token) =>
            {
                var entry = LedgerTransaction.Move("earned", "pi_1", AccountKind.OnChain, AccountKind.MerchantAvailable, Asset.Bitcoin, earned);
                await LedgerStore.PostAsync(transaction, Store, false, entry, _clock.GetUtcNow(), token);
                return true;
            },
            Token);
        return new World(this, database);
    }

    private sealed class World : IAsyncDisposable
    {
        public World(PayoutServiceContract test, IDatabase database)
        {
            Database = database;
            var ids = new ObjectIds(SystemEntropy.Instance);
            IReadOnlyList<IOutgoingRail> rails = [test._lightning, test._chain, new CardRail(test._clock)];
            var store = new PayoutStore(ids, test._clock);
            Engine = new OutgoingEngine(database, rails, [new PayoutSubject(store)], test._gate, test._clock);
            Payouts = new PayoutService(database, store, new OutgoingRouter(rails, new OutgoingOptions(), test._clock), Engine, rails, ids, test._clock);
        }

        public IDatabase Database { get; }

        public OutgoingEngine Engine { get; }

        public PayoutService Payouts { get; }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
