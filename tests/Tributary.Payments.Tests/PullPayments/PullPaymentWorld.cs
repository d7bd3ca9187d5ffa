using System.Collections.Immutable;
using Tributary.Bitcoin.Networks;
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
using Tributary.Payments.PullPayments;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Refunds;
using Tributary.Payments.Storage;
using Tributary.Payments.Tests.Rails;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.PullPayments;

/// <summary>A store with money, payments of shoppers, and outgoing rails whose answers a test decides.</summary>
internal sealed class PullPaymentWorld : IAsyncDisposable, IPriceSource
{
    internal const string Store = "store_1";

    // 60,000 EUR for a bitcoin: a euro is 1,667 satoshis, rounded up.
    internal static readonly Currency Euro = Currency.Of("eur");
    private readonly FaultyRail _in = new(RailKind.OnChain);
    private long _position;

    private PullPaymentWorld(IDatabase database)
    {
        Database = database;
        var ids = new ObjectIds(SystemEntropy.Instance);
        var options = new OutgoingOptions();
        var card = new CardRail(Clock);
        IReadOnlyList<IOutgoingRail> rails = [Lightning, Chain, card];
        var store = new PaymentStore(ids, Clock);
        var quoter = new Quoter(this, Clock);
        var refundStore = new RefundStore(store, Clock);
        var payoutStore = new PayoutStore(ids, Clock);
        var router = new OutgoingRouter(rails, options, Clock);
        Payments = new PaymentService(database, store, ids, quoter, [_in, card], new PaymentOptions(), Clock);
        Engine = new OutgoingEngine(database, rails, [new RefundSubject(refundStore, options, Clock), new PayoutSubject(payoutStore)], Gate, Clock);
        Refunds = new RefundService(database, refundStore, router, Engine, ids, quoter, this, options, Clock);
        Payouts = new PayoutService(database, payoutStore, router, Engine, rails, ids, Clock);
        Pulls = new PullPaymentService(database, Payouts, Refunds, ids, quoter, BitcoinNetwork.Regtest, new PullPaymentOptions(), Clock);
    }

    public TestClock Clock { get; } = new();

    public IDatabase Database { get; }

    public ScriptedOutgoingRail Lightning { get; } = new(RailKind.Lightning);

    public ScriptedOutgoingRail Chain { get; } = new(RailKind.OnChain);

    public SwitchedGate Gate { get; } = new();

    public PaymentService Payments { get; }

    public RefundService Refunds { get; }

    public PayoutService Payouts { get; }

    public PullPaymentService Pulls { get; }

    public OutgoingEngine Engine { get; }

    public BitcoinPrice Price { get; set; } = new(Euro, 6_000_000_000);

    public string Name => "test";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<PullPaymentWorld> OpenAsync(IDatabase database, long earned)
    {
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, AccessTables.Module, AccessTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, OutgoingTables.Module, OutgoingTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, PayoutTables.Module, PayoutTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, PullPaymentTables.Module, PullPaymentTables.Migrations, Token);
        var world = new PullPaymentWorld(database);
        if (earned > 0)
        {
            await database.WriteAsync(
                async (transaction, token) =>
                {
                    var entry = LedgerTransaction.Move("earned", "pi_1", AccountKind.OnChain, AccountKind.MerchantAvailable, Asset.Bitcoin, earned);
                    await LedgerStore.PostAsync(transaction, Store, false, entry, world.Clock.GetUtcNow(), token);
                    return true;
                },
                Token);
        }

        return world;
    }

    /// <summary>A payment in euro that came on chain; more or less of it than asked, where a test wants that.</summary>
    public async Task<PaymentFile> PayAsync(long cents, Func<long, long>? amount = null)
    {
        var created = await Payments.CreateAsync(new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(cents, Euro) }, null, Token);
        var file = (await Payments.ConfirmAsync(created.Value.Intent.Id, new ConfirmRequest(RailKind.OnChain), null, Token)).Value;
        var attempt = file.Attempts[0];
        await Payments.ApplyAsync(
            RailKind.OnChain,
            new RailEvent(++_position, new RailReport.Money(attempt.Reference, attempt.Reference + ":0", ReceiptStatus.Settled, amount?.Invoke(attempt.Due) ?? attempt.Due, null)),
            Token);
        return await ReloadAsync(file);
    }

    public async Task<PaymentFile> PayByCardAsync(long cents)
    {
        var created = await Payments.CreateAsync(new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(cents, Euro) }, null, Token);
        return (await Payments.ConfirmAsync(created.Value.Intent.Id, new ConfirmRequest(RailKind.Card, "4242424242424242"), null, Token)).Value;
    }

    public async Task<PaymentFile> ReloadAsync(PaymentFile file) => (await Payments.FindAsync(file.Intent.Id, Token))!;

    public async Task<PullPayment> PullAsync(long satoshis, bool approves = true, CurrencyAmount? amount = null) => (await Pulls.CreateAsync(
        new PullPaymentRequest { StoreId = Store, IsLive = false, Name = "Prize", Amount = amount ?? new CurrencyAmount(satoshis, Currency.Bitcoin), ApprovesClaims = approves, Actor = "ann" }, Token)).Value;

    public RefundPullRequest Refund(PaymentFile file, RefundVariant variant) =>
        new() { StoreId = Store, IsLive = false, IntentId = file.Intent.Id, Variant = variant, Actor = "ann" };

    public Task<Primitives.Results.Result<ClaimView, Errors.PaymentError>> ClaimAsync(PullPayment pull, string destination, long? amount = null) =>
        Pulls.ClaimAsync(new ClaimRequest { PullPaymentId = pull.Id, Destination = destination, Amount = amount is { } units ? pull.Amount with { MinorUnits = units } : null }, Token);

    public async Task<ClaimView> ReloadAsync(ClaimView view) => (await Pulls.FindClaimAsync(view.Claim.Id, Token))!;

    public async Task LimitAsync(long milliSatoshis) => Assert.True((await Payouts.SetPolicyAsync(
        Store, false, new OutgoingPolicy { ApprovalAbove = ImmutableSortedDictionary<string, long>.Empty.Add("msat", milliSatoshis) }, Token)).IsOk);

    public async Task<long> SpendableAsync() => await Database.ReadAsync(static (transaction, token) => StoreBalances.SpendableAsync(transaction, Store, false, Asset.Bitcoin, token), Token);

    public async Task<long> BalanceAsync(AccountKind account) => await Database.ReadAsync((transaction, token) => PaymentStore.BalanceAsync(transaction, Store, isLive: false, account, Asset.Bitcoin, token), Token);

    public async Task FollowExcessAsync()
    {
        await OutboxLog.NumberAsync(Database, 1000, Token);
        while (await Refunds.FollowExcessAsync(10, Token) > 0)
        {
        }
    }

    public ObservedPrice? Find(Currency currency) => currency == Euro ? new ObservedPrice(Price, Clock.GetUtcNow()) : null;

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
