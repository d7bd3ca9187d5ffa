using System.Text;
using Tributary.Crypto;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Payments.Storage.Packing;
using Tributary.Payments.Tests.Rails;
using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Payments.Tests.Risk;

public sealed class RiskGateTests : IDisposable
{
    private const string Card = "4242424242424242";
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-risk-").FullName;
    private readonly TestClock _clock = new();
    private readonly FaultyRail _chain = new(RailKind.OnChain) { CanHold = false };
    private readonly ObjectIds _ids = new(SystemEntropy.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_blocked_payment_never_reaches_the_rail_and_says_nothing_of_the_reason()
    {
        await using var database = await OpenAsync();
        var gate = new ScriptedGate(_clock) { Verdict = RiskVerdict.Block };
        var service = Service(database, gate);
        var id = await CreateAsync(service);
        var blocked = (await service.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, Card), null, Token)).Value;

        Assert.Equal(IntentStatus.RequiresPaymentMethod, blocked.Intent.Status);
        Assert.Equal(("card_declined", "fraudulent", "Your card was declined."), (blocked.Intent.LastError!.Code, blocked.Intent.LastError.DeclineCode, blocked.Intent.LastError.Message));
        Assert.Empty(blocked.Receipts);

        // Stored with the attempt: what another process reads has it all.
        var attempt = Assert.Single((await service.FindAsync(id, Token))!.Attempts);
        Assert.Equal((AttemptStatus.Failed, "dec_1", RiskVerdict.Block, 0.75), (attempt.Status, attempt.Risk!.Reference, attempt.Risk.Verdict, attempt.Risk.Score));
        Assert.Equal("many payments by this card; a new device", string.Join("; ", attempt.Risk.Reasons));
        Assert.Equal("highest", attempt.Risk.Level);

        gate.Verdict = RiskVerdict.Allow;
        var paid = (await service.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, Card), null, Token)).Value;
        Assert.Equal(IntentStatus.Succeeded, paid.Intent.Status);
        Assert.Equal("dec_1 dec_2", string.Join(" ", paid.Attempts.Select(static each => each.Risk!.Reference)));
    }

    [Fact]
    public async Task The_gate_sees_the_payment_and_no_clue_is_stored()
    {
        await using var database = await OpenAsync();
        var gate = new ScriptedGate(_clock);
        var service = Service(database, gate);
        var id = await CreateAsync(service);
        await service.ConfirmAsync(
            id, new ConfirmRequest(RailKind.Card, Card) { Clues = new RiskClues { IpAddress = "203.0.113.77", Device = "device-of-mary" } }, null, Token);
        var asked = Assert.Single(gate.Asked);
        Assert.Equal((RiskPoint.Confirm, RailKind.Card, Card, "203.0.113.77", "device-of-mary"), (asked.Point, asked.Rail, asked.Instrument, asked.Clues.IpAddress, asked.Clues.Device));
        Assert.DoesNotContain("mary", asked.ToString() + asked.Clues, StringComparison.Ordinal);

        var stored = await database.ReadAsync(
            async (transaction, token) => string.Concat(await transaction.QueryAsync(
                "SELECT packed FROM intents UNION ALL SELECT packed FROM outbox WHERE packed IS NOT NULL",
                SqlArguments.None,
                static row => Encoding.UTF8.GetString(DocumentPack.Unpack(row.Bytes(0))),
                token)),
            Token);
        Assert.Contains("dec_1", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.77", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("device-of-mary", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(Card, stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_up_asks_for_proof_and_lets_pass_who_has_given_it()
    {
        await using var database = await OpenAsync();
        var service = Service(database, new ScriptedGate(_clock) { Verdict = RiskVerdict.StepUp });
        var id = await CreateAsync(service);
        var asked = (await service.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, Card), null, Token)).Value;
        Assert.Equal((IntentStatus.RequiresPaymentMethod, "authentication_required"), (asked.Intent.Status, asked.Intent.LastError!.Code));

        var proved = new ConfirmRequest(RailKind.Card, Card) { Clues = new RiskClues { IsAuthenticated = true } };
        var paid = (await service.ConfirmAsync(id, proved, null, Token)).Value;
        Assert.Equal(IntentStatus.Succeeded, paid.Intent.Status);
    }

    [Fact]
    public async Task A_reviewed_card_payment_is_held_until_a_person_approves()
    {
        await using var database = await OpenAsync();
        var service = Service(database, new ScriptedGate(_clock) { Verdict = RiskVerdict.Review });
        var id = await CreateAsync(service);
        var held = (await service.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, Card), null, Token)).Value;
        Assert.Equal((IntentStatus.RequiresCapture, 2_500), (held.Intent.Status, held.Intent.AmountCapturable.MinorUnits));
        var review = Assert.Single(await ReviewsAsync(database, openOnly: true));
        Assert.Equal((held.Intent.ReviewId, id, "dec_1", true), (review.Id, review.IntentId, review.Reference, review.IsHeld));

        Assert.Equal("resource_missing", (await service.ApproveReviewAsync("store_of_others", false, review.Id, Token)).Error.Code);
        Assert.Equal("resource_missing", (await service.ApproveReviewAsync("store_1", true, review.Id, Token)).Error.Code);
        var approved = (await service.ApproveReviewAsync("store_1", false, review.Id, Token)).Value;
        Assert.Equal((ReviewClosing.Approved, false), (approved.Closing, approved.IsOpen));
        Assert.Equal("review_closed", (await service.ApproveReviewAsync("store_1", false, review.Id, Token)).Error.Code);

        while (await service.RunCommandsAsync(10, Token) > 0)
        {
        }

        Assert.Equal(IntentStatus.Succeeded, (await service.FindAsync(id, Token))!.Intent.Status);
        Assert.Empty(await ReviewsAsync(database, openOnly: true));
        Assert.Single(await ReviewsAsync(database, openOnly: false));
    }

    [Fact]
    public async Task A_reviewed_payment_on_a_rail_that_holds_nothing_goes_on_with_a_review_beside_it()
    {
        await using var database = await OpenAsync();
        var service = Service(database, new ScriptedGate(_clock) { Verdict = RiskVerdict.Review });
        var id = await CreateAsync(service);
        var offered = (await service.ConfirmAsync(id, new ConfirmRequest(RailKind.OnChain), null, Token)).Value;
        Assert.Equal((IntentStatus.RequiresAction, CaptureMethod.Automatic), (offered.Intent.Status, offered.Intent.CaptureMethod));
        Assert.False(Assert.Single(await ReviewsAsync(database, openOnly: true)).IsHeld);
    }

    [Theory]
    [InlineData("4100 0000 0000 0019", RiskVerdict.Block)]
    [InlineData("4000000000004954", RiskVerdict.Block)]
    [InlineData("4000000000009235", RiskVerdict.Review)]
    [InlineData("4242424242424242", RiskVerdict.Allow)]
    public async Task Without_an_engine_published_numbers_stand_for_what_the_gate_would_say_in_test_mode_alone(string number, RiskVerdict expected)
    {
        var gate = new PlainRiskGate(_ids, _clock);
        var question = new RiskQuestion
        {
            Point = RiskPoint.Confirm,
            StoreId = "store_1",
            IsLive = false,
            SubjectId = "att_1",
            Amount = new CurrencyAmount(100, Currency.Of("eur")),
            Rail = RailKind.Card,
            Instrument = number,
        };
        Assert.Equal(expected, (await gate.AssessAsync(question, Token)).Verdict);
        Assert.Equal(RiskVerdict.Allow, (await gate.AssessAsync(question with { IsLive = true }, Token)).Verdict);
    }

    private static async Task<List<Review>> ReviewsAsync(IDatabase database, bool openOnly) => await database.ReadAsync(
        (transaction, token) => ReviewStore.ListAsync(transaction, "store_1", isLive: false, openOnly, default, after: null, 10, token), Token);

    private static async Task<string> CreateAsync(PaymentService service)
    {
        var request = new PaymentRequest { StoreId = "store_1", IsLive = false, Amount = new CurrencyAmount(2_500, Currency.Of("eur")) };
        return (await service.CreateAsync(request, null, Token)).Value.Intent.Id;
    }

    private PaymentService Service(IDatabase database, IRiskGate gate)
    {
        var prices = new FixedPriceSource([new BitcoinPrice(Currency.Of("eur"), 6_000_000_000)], _clock);
        return new PaymentService(
            database, new PaymentStore(_ids, _clock), _ids, new Quoter(prices, _clock), [_chain, new CardRail(_clock)], new PaymentOptions(), _clock, gate: gate);
    }

    private async Task<IDatabase> OpenAsync()
    {
        var database = await SqliteDatabase.OpenAsync(Path.Combine(_folder, "payments.db"), 4, Token);
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, RiskTables.Module, RiskTables.Migrations, Token);
        return database;
    }
}
