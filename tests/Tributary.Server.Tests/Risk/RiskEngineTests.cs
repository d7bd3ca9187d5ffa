using Microsoft.Extensions.Logging.Abstractions;
using Tributary.Crypto;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Risk;
using Tributary.Server.Risk;
using Tributary.Storage.Files;

namespace Tributary.Server.Tests.Risk;

public sealed class RiskEngineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-risk-engine-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Real_money_is_judged_by_velocity_and_tests_may_repeat_themselves()
    {
        await using var engine = await OpenAsync();
        var verdicts = new List<RiskVerdict>();
        for (var i = 0; i < 10; i++)
            verdicts.Add((await engine.AssessAsync(Ask($"att_{i}", $"card-{i}", device: "one", isLive: true), Token)).Verdict);
        Assert.Equal([RiskVerdict.Allow, RiskVerdict.Allow, RiskVerdict.StepUp], verdicts.Take(3));
        Assert.Equal(RiskVerdict.Block, verdicts[^1]);

        for (var i = 0; i < 10; i++)
            Assert.Equal(RiskVerdict.Allow, (await engine.AssessAsync(Ask($"att_t{i}", $"card-{i}", device: "one", isLive: false), Token)).Verdict);
    }

    [Fact]
    public async Task What_was_seen_survives_a_restart_with_and_without_the_snapshot()
    {
        string[] seen = ["att_a", "att_b"];
        await using (var engine = await OpenAsync())
        {
            foreach (var id in seen)
                await engine.AssessAsync(Ask(id, "card-" + id, device: "one", isLive: true), Token);
        }

        await using (var engine = await OpenAsync())
        {
            Assert.Equal(2, engine.PaymentCount);
            Assert.Equal(RiskVerdict.StepUp, (await engine.AssessAsync(Ask("att_c", "card-c", device: "one", isLive: true), Token)).Verdict);
        }

        File.Delete(Path.Combine(_folder, "risk", "features.snapshot"));
        await using (var engine = await OpenAsync())
            Assert.Equal(3, engine.PaymentCount);
    }

    [Fact]
    public async Task Every_decision_is_in_the_journal_with_pseudonyms_alone()
    {
        RiskAssessment answer;
        await using (var engine = await OpenAsync())
            answer = await engine.AssessAsync(Ask("att_1", "4242424242424242", device: "device-of-mary", isLive: true), Token);

        using var reader = new JournalReader(DiskDirectory.Open(Path.Combine(_folder, "risk", "journal")));
        var entries = reader.ReadAll().Select(static item => item.Entry).ToList();
        Assert.Null(reader.Fault);
        var decision = Assert.Single(entries.OfType<DecisionEntry>());
        Assert.Equal(answer.Reference, decision.Id.ToString());
        Assert.Contains(entries, static entry => entry is PolicyMovedEntry);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "risk"), "*", SearchOption.AllDirectories))
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Token));
            Assert.DoesNotContain("4242424242424242", text, StringComparison.Ordinal);
            Assert.DoesNotContain("device-of-mary", text, StringComparison.Ordinal);
            Assert.DoesNotContain("cus_mary", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Labels_count_once_and_are_there_after_a_restart()
    {
        await using (var engine = await OpenAsync())
        {
            var answer = await engine.AssessAsync(Ask("att_1", "card", device: null, isLive: true), Token);
            Assert.True(DecisionId.TryParse(answer.Reference, out var decision));
            var label = new LabelEntry(decision, IsBad: true, LabelKind.CardDispute, LabelSource.Rail, IsConfirmed: true, answer.At, "evt_1");
            await engine.LabelAsync(label, answer.At, "att_1", Token);
            await engine.LabelAsync(label, answer.At, "att_1", Token);
            Assert.Equal(1, engine.ConfirmedBadOutcomes);
        }

        await using (var engine = await OpenAsync())
            Assert.Equal(1, engine.ConfirmedBadOutcomes);
    }

    [Fact]
    public async Task The_operators_policy_is_checked_and_decides()
    {
        await WritePolicyAsync("at confirm { block if :amount_eur: > 100 because 'too much' shown as limit_reached }\nat payout { otherwise review }");
        await using (var engine = await OpenAsync())
        {
            var blocked = await engine.AssessAsync(Ask("att_1", "card", null, isLive: false, cents: 10_001), Token);
            Assert.Equal((RiskVerdict.Block, RiskNotice.LimitReached, "too much"), (blocked.Verdict, blocked.Notice, blocked.Rule));
            Assert.Equal(RiskVerdict.Allow, (await engine.AssessAsync(Ask("att_2", "card", null, isLive: false, cents: 10_000), Token)).Verdict);
            Assert.Equal(RiskVerdict.Review, (await engine.AssessAsync(Ask("po_1", "card", null, isLive: false) with { Point = RiskPoint.Payout }, Token)).Verdict);
        }

        await WritePolicyAsync("at confirm { block if :amont_eur: > 100 }");
        var refused = await RiskStart.OpenAsync(_folder, SystemEntropy.Instance, TimeProvider.System, NullLogger.Instance, Token);
        Assert.Contains("amont_eur", refused.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("risk/policy.txt", refused.Error.Field);

        // The refusal closed what it had opened.
        await WritePolicyAsync("otherwise review");
        await using var again = await OpenAsync();
        Assert.Equal(RiskVerdict.Review, (await again.AssessAsync(Ask("att_3", "card", null, isLive: false), Token)).Verdict);
    }

    [Fact]
    public async Task A_model_that_is_damaged_stops_the_start_and_says_which_file()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "risk"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "risk", "fraud.model"), new byte[200], Token);
        var refused = await RiskStart.OpenAsync(_folder, SystemEntropy.Instance, TimeProvider.System, NullLogger.Instance, Token);
        Assert.Equal("risk/fraud.model", refused.Error.Field);
    }

    [Fact]
    public async Task Many_payments_at_once_are_all_recorded()
    {
        await using (var engine = await OpenAsync())
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => engine.AssessAsync(Ask($"att_{i}", $"card-{i}", $"device-{i}", isLive: true), Token).AsTask()));
            Assert.Equal(200, answers.Select(static answer => answer.Reference).Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(200, engine.PaymentCount);
        }

        await using (var engine = await OpenAsync())
            Assert.Equal(200, engine.PaymentCount);
    }

    private static RiskQuestion Ask(string subject, string card, string? device, bool isLive, long cents = 2_500) => new()
    {
        Point = RiskPoint.Confirm,
        StoreId = "store_1",
        IsLive = isLive,
        SubjectId = subject,
        Amount = new CurrencyAmount(cents, Currency.Of("eur")),
        Rail = RailKind.Card,
        CustomerId = "cus_mary",
        Instrument = card,
        Clues = new RiskClues { Device = device },
    };

    private async Task WritePolicyAsync(string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "risk"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "risk", "policy.txt"), text, Token);
    }

    private async Task<RiskEngine> OpenAsync() =>
        (await RiskStart.OpenAsync(_folder, SystemEntropy.Instance, TimeProvider.System, NullLogger.Instance, Token)).Value;
}
