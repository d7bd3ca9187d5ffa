using Tributary.Crypto;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Refunds;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Payments.Tests.Rails;
using Tributary.Payments.Tests.Risk;
using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Payments.Tests.Refunds;

public sealed class RefundRiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-refund-risk-").FullName;
    private readonly TestClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_blocked_refund_changes_nothing_and_a_reviewed_one_waits_for_somebody_who_agrees()
    {
        await using var database = await SqliteDatabase.OpenAsync(Path.Combine(_folder, "payments.db"), 4, Token);
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, RiskTables.Module, RiskTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, OutgoingTables.Module, OutgoingTables.Migrations, Token);
        var gate = new ScriptedGate(_clock);
        var (payments, refunds) = Services(database, gate);
        var created = await payments.CreateAsync(new PaymentRequest { StoreId = "store_1", IsLive = false, Amount = new CurrencyAmount(2_500, Currency.Of("eur")) }, null, Token);
        var intent = created.Value.Intent.Id;
        await payments.ConfirmAsync(intent, new ConfirmRequest(RailKind.Card, "4242424242424242"), null, Token);
        var request = new RefundRequest { StoreId = "store_1", IsLive = false, IntentId = intent, Amount = 900, Actor = "key_1" };

        gate.Verdict = RiskVerdict.Block;
        var blocked = await refunds.CreateAsync(request, null, Token);
        Assert.Equal("refund_blocked", blocked.Error.Code);
        Assert.Empty((await payments.FindAsync(intent, Token))!.Refunds);
        Assert.Equal((RiskPoint.Refund, 900, RailKind.Card), (gate.Asked[^1].Point, gate.Asked[^1].Amount.MinorUnits, gate.Asked[^1].Rail));

        gate.Verdict = RiskVerdict.Review;
        var reviewed = (await refunds.CreateAsync(request, null, Token)).Value;
        Assert.Equal((RefundStatus.AwaitingApproval, RiskVerdict.Review), (reviewed.Refund.Status, reviewed.Refund.Risk!.Verdict));

        gate.Verdict = RiskVerdict.Allow;
        var allowed = (await refunds.CreateAsync(request, null, Token)).Value;
        Assert.NotEqual(RefundStatus.AwaitingApproval, allowed.Refund.Status);
        Assert.Equal(RiskVerdict.Allow, (await payments.FindAsync(intent, Token))!.FindRefund(allowed.Refund.Id)!.Risk!.Verdict);
    }

    private (PaymentService Payments, RefundService Refunds) Services(IDatabase database, IRiskGate gate)
    {
        var ids = new ObjectIds(SystemEntropy.Instance);
        var card = new CardRail(_clock);
        var store = new PaymentStore(ids, _clock);
        var prices = new FixedPriceSource([], _clock);
        var quoter = new Quoter(prices, _clock);
        var options = new OutgoingOptions();
        IReadOnlyList<IOutgoingRail> rails = [card];
        var refunds = new RefundStore(store, _clock);
        var engine = new OutgoingEngine(database, rails, [new RefundSubject(refunds, options, _clock)], new SwitchedGate(), _clock);
        return (
            new PaymentService(database, store, ids, quoter, [card], new PaymentOptions(), _clock, gate: gate),
            new RefundService(database, refunds, new OutgoingRouter(rails, options, _clock), engine, ids, quoter, prices, options, _clock, gate));
    }
}
