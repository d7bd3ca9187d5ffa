using System.Collections.Immutable;
using Tributary.Crypto;
using Tributary.Payments.Access;
using Tributary.Payments.Customers;
using Tributary.Payments.Disputes;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Reporting;
using Tributary.Payments.Search;
using Tributary.Payments.Storage;
using Tributary.Payments.Webhooks;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.Stores;

/// <summary>Customers, searches, disputes, keys and webhook endpoints on a real database; each database runs it.</summary>
public abstract class StoresContract
{
    private const string Store = "store_1";
    private readonly TestClock _clock = new();
    private readonly ObjectIds _ids = new(SystemEntropy.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task Customers_are_kept_by_version_listed_and_forgotten()
    {
        await using var database = await OpenMigratedAsync();
        var store = new CustomerStore(_ids, _clock);
        var made = new List<Customer>();
        for (var i = 0; i < 4; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(2));
            var customer = new Customer { Id = _ids.Next("cus"), StoreId = Store, IsLive = false, Email = $"a{i % 2}@shop.example", Metadata = Metadata("n", $"{i}"), CreatedAt = _clock.GetUtcNow(), Version = 1 };
            made.Insert(0, customer);
            await WriteAsync(database, (transaction, token) => store.InsertAsync(transaction, customer, token));
        }

        Assert.Equal(made.ConvertAll(static customer => customer.Id), await ListAsync(null, null, null, 10));
        Assert.Equal([made[1].Id, made[2].Id], await ListAsync(null, made[0].Id, null, 2));
        Assert.Equal([made[1].Id, made[2].Id], await ListAsync(null, null, made[3].Id, 2));
        Assert.Equal([made[0].Id, made[2].Id], await ListAsync("a1@shop.example", null, null, 10));

        var changed = made[0] with { Email = null, Metadata = Metadata("n", "changed"), Version = 2 };
        await WriteAsync(database, (transaction, token) => store.UpdateAsync(transaction, changed, token));
        await Assert.ThrowsAnyAsync<InvalidOperationException>(async () => await WriteAsync(database, (transaction, token) => store.UpdateAsync(transaction, changed, token)));
        await WriteAsync(database, (transaction, token) => store.UpdateAsync(transaction, made[1] with { DeletedAt = _clock.GetUtcNow(), Version = 2 }, token));
        Assert.Equal([made[0].Id, made[2].Id, made[3].Id], await ListAsync(null, null, null, 10));
        Assert.Equal([made[0].Id], await SearchAsync(database, SearchTable.Customers, "metadata['n']:'changed'"));
        Assert.Equal([made[2].Id], await SearchAsync(database, SearchTable.Customers, "email~'A1@SHOP' AND -metadata['n']:'0'"));
        Assert.Equal([made[0].Id], await SearchAsync(database, SearchTable.Customers, "email:null"));
        Assert.Empty(await SearchAsync(database, SearchTable.Customers, "email~'%'"));
        await OutboxLog.NumberAsync(database, 100, Token);
        Assert.Equal("customer.created customer.updated", string.Join(' ', (await OutboxLog.ReadAsync(database, 0, 100, Token)).Where(told => string.Equals(told.ObjectId, made[0].Id, StringComparison.Ordinal)).Select(static told => told.Kind)));

        async Task<List<string>> ListAsync(string? email, string? after, string? before, int limit) => [.. (await database.ReadAsync(
            (transaction, token) => CustomerStore.ListAsync(transaction, Store, false, email, default, after, before, limit, token), Token)).Select(static customer => customer.Id)];
    }

    [Fact]
    public async Task A_saved_method_follows_its_customer()
    {
        await using var database = await OpenMigratedAsync();
        var store = new MethodStore(_ids, _clock);
        var method = new SavedMethod { Id = "pm_1", StoreId = Store, IsLive = false, Rail = RailKind.Card, CardLastFour = "4242", CreatedAt = _clock.GetUtcNow(), Version = 1 };
        await WriteAsync(database, (transaction, token) => store.WriteAsync(transaction, method, null, token));
        Assert.Empty(await ListAsync());
        await WriteAsync(database, (transaction, token) => store.WriteAsync(transaction, method with { CustomerId = "cus_1", Version = 2 }, "payment_method.attached", token));
        Assert.Equal("4242", Assert.Single(await ListAsync()).CardLastFour);
        await WriteAsync(database, (transaction, token) => store.WriteAsync(transaction, method with { IsDetached = true, Version = 3 }, "payment_method.detached", token));
        Assert.Empty(await ListAsync());

        async Task<List<SavedMethod>> ListAsync() => await database.ReadAsync(
            (transaction, token) => MethodStore.ListAsync(transaction, Store, false, "cus_1", nameof(RailKind.Card), null, null, 10, token), Token);
    }

    [Fact]
    public async Task Intents_are_found_by_what_is_said_of_them_now()
    {
        await using var database = await OpenMigratedAsync();
        var payments = Payments(database);
        var first = await CreateAsync(payments, "17");
        _clock.Advance(TimeSpan.FromSeconds(10));
        var second = await CreateAsync(payments, "18");
        await payments.ConfirmAsync(second, new ConfirmRequest(RailKind.Card, "4242424242424242"), null, Token);
        await payments.UpdateAsync(first, new IntentEdit { CustomerId = "cus_1", Merge = static known => known.SetItem("order", "it's %_!") }, null, Token);

        Assert.Equal([second], await SearchAsync(database, SearchTable.Intents, "status:'succeeded'"));
        Assert.Equal([first], await SearchAsync(database, SearchTable.Intents, "customer:'cus_1' AND metadata['order']:\"it's %_!\""));
        Assert.Empty(await SearchAsync(database, SearchTable.Intents, "metadata['order']:'17'"));
        Assert.Equal([second], await SearchAsync(database, SearchTable.Intents, "-customer:'cus_1'"));
        Assert.Equal([second, first], await SearchAsync(database, SearchTable.Intents, "customer:null OR status:'requires_payment_method'"));
        var start = _clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal([second], await SearchAsync(database, SearchTable.Intents, $"created>{start - 10}"));
        Assert.Equal([second, first], await SearchAsync(database, SearchTable.Intents, $"created>={start - 10}"));
        Assert.Equal([first], await SearchAsync(database, SearchTable.Intents, $"created<{start}"));
        Assert.Equal([second], await SearchAsync(database, SearchTable.Intents, $"created:{start}"));
    }

    [Fact]
    public async Task A_dispute_moves_the_money_and_time_decides_what_nobody_answers()
    {
        await using var database = await OpenMigratedAsync();
        var payments = Payments(database);
        var disputes = new DisputeService(database, new DisputeStore(new PaymentStore(_ids, _clock), _clock), _clock);
        var euro = Asset.Of(Currency.Of("eur"));
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var intent = await CreateAsync(payments, $"{i}");
            await payments.ConfirmAsync(intent, new ConfirmRequest(RailKind.Card, "4000000000000259"), null, Token);
            ids.Add((await disputes.ListAsync(new DisputeQuery(Store, false, 10) { IntentId = intent }, Token)).Single().Dispute.Id);
        }

        Assert.Equal((0, 0), (await BalanceAsync(AccountKind.CardProcessor), await BalanceAsync(AccountKind.MerchantAvailable)));
        var won = await disputes.AnswerAsync(Store, false, ids[0], Metadata("uncategorized_text", "winning_evidence"), static known => known, true, null, Token);
        Assert.Equal(DisputeStatus.Won, won.Value.Dispute.Status);
        var lost = await disputes.AnswerAsync(Store, false, ids[1], Metadata("uncategorized_text", "losing_evidence"), static known => known, true, null, Token);
        Assert.Equal(DisputeStatus.Lost, lost.Value.Dispute.Status);
        Assert.Equal((1000, -1000), (await BalanceAsync(AccountKind.CardProcessor), await BalanceAsync(AccountKind.MerchantAvailable)));
        _clock.Advance(DisputeMachine.AnswerTime + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await disputes.TickAsync(10, Token));
        Assert.Equal(0, await disputes.TickAsync(10, Token));
        Assert.Equal(DisputeStatus.Lost, (await disputes.FindAsync(Store, false, ids[2], Token))!.Dispute.Status);
        Assert.Null(await disputes.FindAsync("store_2", false, ids[2], Token));
        Assert.Equal((1000, -1000), (await BalanceAsync(AccountKind.CardProcessor), await BalanceAsync(AccountKind.MerchantAvailable)));

        async Task<long> BalanceAsync(AccountKind account) =>
            await database.ReadAsync((transaction, token) => PaymentStore.BalanceAsync(transaction, Store, false, account, euro, token), Token);
    }

    [Fact]
    public async Task Keys_are_issued_rolled_revoked_and_counted_by_the_day()
    {
        await using var database = await OpenMigratedAsync();
        var store = new ApiKeyStore(_ids, _clock);
        await WriteAsync(database, async (transaction, token) => await transaction.ExecuteOneAsync(
            "INSERT INTO stores (id, name, created_at) VALUES (@id, 'Shop', 0)", new SqlArguments { { "id", Store } }, token));
        var order = new KeyOrder
        {
            StoreId = Store,
            IsLive = false,
            Kind = KeyKind.Restricted,
            Name = "till",
            Grants = ImmutableSortedDictionary<KeyResource, KeyAccess>.Empty.Add(KeyResource.Refunds, KeyAccess.Write).Add(KeyResource.Events, KeyAccess.Read),
            SpendingPerDay = ImmutableSortedDictionary<string, long>.Empty.Add("eur", 100),
        };
        var issued = await database.WriteAsync((transaction, token) => store.IssueAsync(transaction, order, token), Token);
        Assert.StartsWith("rk_test_", issued.Secret, StringComparison.Ordinal);
        var found = (await FindAsync(issued.Secret))!;
        Assert.Equal((order.Kind, order.Name), (found.Kind, found.Name));
        Assert.Equal((true, false, true, false), (found.Allows(KeyResource.Refunds, KeyAccess.Write), found.Allows(KeyResource.Events, KeyAccess.Write), found.Allows(KeyResource.Events, KeyAccess.Read), found.Allows(KeyResource.Payouts, KeyAccess.Read)));

        var guard = new KeySpending(found, _clock);
        var euro = Asset.Of(Currency.Of("eur"));
        Assert.Null(await TakeAsync(70));
        Assert.Equal("spending_limit_exceeded", (await TakeAsync(31))!.Code);
        Assert.Null(await TakeAsync(30));
        Assert.Null(await database.WriteAsync((transaction, token) => guard.TakeAsync(transaction, Asset.Bitcoin, long.MaxValue, token), Token));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await TakeAsync(100));

        var rolled = await database.WriteAsync((transaction, token) => store.RollAsync(transaction, found, _clock.GetUtcNow() + TimeSpan.FromHours(1), token), Token);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromHours(1), (await FindAsync(issued.Secret))!.ExpiresAt);
        Assert.Equal(found.Grants.ToArray(), (await FindAsync(rolled.Secret))!.Grants.ToArray());
        Assert.True(await database.WriteAsync((transaction, token) => store.RevokeAsync(transaction, found.Id, token), Token));
        Assert.Null(await FindAsync(issued.Secret));
        Assert.Equal(rolled.Key.Id, Assert.Single(await database.ReadAsync((transaction, token) => ApiKeyStore.ListAsync(transaction, Store, false, 10, token), Token)).Id);
        Assert.False(await database.ReadAsync(ApiKeyStore.IsAnyLiveAsync, Token));

        async Task<ApiKey?> FindAsync(string secret) => await database.ReadAsync((transaction, token) => ApiKeyStore.FindAsync(transaction, secret, token), Token);

        async Task<Errors.PaymentError?> TakeAsync(long amount) => await database.WriteAsync((transaction, token) => guard.TakeAsync(transaction, euro, amount, token), Token);
    }

    [Fact]
    public async Task A_webhook_endpoint_that_is_switched_off_is_given_nothing()
    {
        await using var database = await OpenMigratedAsync();
        using var box = new Payments.Access.SecretBox(new byte[32]);
        var store = new WebhookStore(_ids, box, _clock);
        var made = await database.WriteAsync((transaction, token) => store.CreateAsync(transaction, Store, false, new Uri("https://shop.example/hooks"), ["*"], null, token), Token);
        await WriteAsync(database, (transaction, token) => WebhookStore.UpdateAsync(transaction, made.Endpoint with { IsDisabled = true, Metadata = Metadata("a", "b") }, token));
        await CreateAsync(Payments(database), "1");
        await OutboxLog.NumberAsync(database, 100, Token);
        await store.FanOutAsync(database, 100, Token);
        Assert.Empty(await database.ReadAsync((transaction, token) => store.FindDueAsync(transaction, 10, token), Token));

        var read = (await database.ReadAsync((transaction, token) => WebhookStore.FindAsync(transaction, Store, false, made.Endpoint.Id, token), Token))!;
        Assert.Equal((true, "b"), (read.IsDisabled, read.Metadata["a"]));
        await WriteAsync(database, (transaction, token) => WebhookStore.UpdateAsync(transaction, read with { IsDisabled = false }, token));
        await CreateAsync(Payments(database), "2");
        await OutboxLog.NumberAsync(database, 100, Token);
        await store.FanOutAsync(database, 100, Token);
        Assert.Single(await database.ReadAsync((transaction, token) => store.FindDueAsync(transaction, 10, token), Token));
    }

    [Fact]
    public async Task A_replaced_secret_signs_on_for_its_time_tries_are_kept_and_a_replay_makes_what_was_missed()
    {
        await using var database = await OpenMigratedAsync();
        using var box = new Payments.Access.SecretBox(new byte[32]);
        var store = new WebhookStore(_ids, box, _clock);
        var before = await CreateAsync(Payments(database), "before");
        var made = await database.WriteAsync((transaction, token) => store.CreateAsync(transaction, Store, false, new Uri("https://shop.example/hooks"), ["*"], null, token), Token);
        var second = await database.WriteAsync((transaction, token) => store.RotateAsync(transaction, Store, false, made.Endpoint.Id, _clock.GetUtcNow() + TimeSpan.FromHours(1), token), Token);
        Assert.Null(await database.WriteAsync((transaction, token) => store.RotateAsync(transaction, "store_2", false, made.Endpoint.Id, _clock.GetUtcNow(), token), Token));
        await CreateAsync(Payments(database), "after");
        await OutboxLog.NumberAsync(database, 100, Token);
        await store.FanOutAsync(database, 100, Token);
        var delivery = Assert.Single(await DueAsync());
        Assert.Equal([second!, made.Secret], store.SecretsOf(delivery));
        Assert.True(await database.WriteAsync((transaction, token) => store.NoteAsync(transaction, delivery, new WebhookOutcome(true, "200", TimeSpan.FromMilliseconds(7), "o\0k"), token), Token));
        var tried = Assert.Single(await database.ReadAsync((transaction, token) => DeliveryLog.TriesAsync(transaction, delivery.Id, token), Token));
        Assert.Equal((1L, "200", "o\ufffdk", TimeSpan.FromMilliseconds(7)), (tried.Number, tried.Outcome, tried.Answer, tried.Took));
        Assert.Empty(await DueAsync());

        _clock.Advance(TimeSpan.FromHours(2));
        var from = await database.ReadAsync((transaction, token) => WebhookReplay.FindAsync(transaction, Store, false, "0", token), Token);
        Assert.Equal(1L, await database.WriteAsync((transaction, token) => WebhookReplay.BeginAsync(transaction, Store, false, made.Endpoint.Id, from!.Value, _clock.GetUtcNow(), token), Token));
        Assert.Null(await database.WriteAsync((transaction, token) => WebhookReplay.BeginAsync(transaction, "store_2", false, made.Endpoint.Id, 0, _clock.GetUtcNow(), token), Token));
        await store.FanOutAsync(database, 100, Token);
        var again = await DueAsync();
        Assert.Equal(2, again.Count);
        Assert.Contains(again, one => string.Equals(one.Event.ObjectId, before, StringComparison.Ordinal));
        Assert.All(again, one => Assert.Equal([second!], store.SecretsOf(one)));

        async Task<List<WebhookDelivery>> DueAsync() => await database.ReadAsync((transaction, token) => store.FindDueAsync(transaction, 10, token), Token);
    }

    [Fact]
    public async Task Payments_are_counted_by_how_they_came_out_each_in_one_place()
    {
        await using var database = await OpenMigratedAsync();
        var (payments, outcomes) = (Payments(database), new DailyOutcomes(database));
        foreach (var (order, isPaid, isCancelled) in new[] { ("paid", true, false), ("left", false, false), ("untried", false, true) })
        {
            var id = await CreateAsync(payments, order);
            if (isPaid)
                Assert.True((await payments.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, "4242424242424242"), null, Token)).IsOk);
            if (isCancelled)
                Assert.True((await payments.CancelAsync(id, CancellationReason.Abandoned, null, Token)).IsOk);
        }

        var declined = await CreateAsync(payments, "declined");
        await payments.ConfirmAsync(declined, new ConfirmRequest(RailKind.Card, "4000000000000002"), null, Token);
        await FollowAsync();
        Assert.Equal((1L, 0L, 1L), await TotalAsync());
        await payments.CancelAsync(declined, CancellationReason.Abandoned, null, Token);
        await FollowAsync();
        Assert.Equal((1L, 1L, 0L), await TotalAsync());

        async Task FollowAsync()
        {
            await OutboxLog.NumberAsync(database, 1000, Token);
            while (await outcomes.FollowAsync(3, Token) > 0)
            {
            }
        }

        async Task<(long, long, long)> TotalAsync()
        {
            var days = await database.ReadAsync((transaction, token) => DailyOutcomes.ListAsync(transaction, Store, false, DateOnly.MinValue, token), Token);
            var day = Assert.Single(days);
            return (day.Succeeded, day.Failed, day.Open);
        }
    }

    private static ImmutableSortedDictionary<string, string> Metadata(string name, string value) => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(name, value);

    private static async Task<List<string>> SearchAsync(IDatabase database, SearchTable table, string query) => await database.ReadAsync(
        (transaction, token) => SearchStore.FindAsync(transaction, table, SearchQuery.Parse(query, table).Value, Store, false, null, 10, token), Token);

    private static async Task WriteAsync(IDatabase database, Func<ISqlTransaction, CancellationToken, ValueTask> work) => await database.WriteAsync(
        async (transaction, token) =>
        {
            await work(transaction, token);
            return true;
        },
        Token);

    private static async Task<string> CreateAsync(PaymentService payments, string order)
    {
        var request = new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(1000, Currency.Of("eur")), Metadata = Metadata("order", order) };
        return (await payments.CreateAsync(request, null, Token)).Value.Intent.Id;
    }

    private PaymentService Payments(IDatabase database) => new(
        database, new PaymentStore(_ids, _clock), _ids, new Quoter(new FixedPriceSource([], _clock), _clock), [new CardRail(_clock)], new PaymentOptions(), _clock);

    private async Task<IDatabase> OpenMigratedAsync()
    {
        var database = await OpenAsync();
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, AccessTables.Module, AccessTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, CustomerTables.Module, CustomerTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, DisputeTables.Module, DisputeTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, WebhookTables.Module, WebhookTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, WebhookLogTables.Module, WebhookLogTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, OutgoingTables.Module, OutgoingTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, OutcomeTables.Module, OutcomeTables.Migrations, Token);
        return database;
    }
}
