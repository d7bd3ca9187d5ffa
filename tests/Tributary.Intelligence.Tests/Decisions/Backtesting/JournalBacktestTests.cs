using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Storage;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Intelligence.Tests.Journal.Storage;
using Tributary.Intelligence.Tests.Policy;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Tests.Decisions.Backtesting;

public sealed class JournalBacktestTests
{
    [Fact]
    public void A_text_is_run_over_a_journal_against_its_last_schema()
    {
        var report = Run(Written(), "block if :country: = 'DE' and in list(trusted)").Value;
        Assert.Equal((2, 2), (report.Decisions, report.Changed));
        Assert.Null(report.JournalFault);
    }

    [Fact]
    public void A_torn_journal_is_used_as_far_as_it_goes_and_the_report_says_so()
    {
        var bytes = Written().Bytes(1);
        var report = Run(CrashingStorage.Of(bytes[..^5]), "otherwise block").Value;
        Assert.Equal(1, report.Decisions);
        Assert.Contains("segment 1", report.JournalFault, StringComparison.Ordinal);
        Assert.Contains("not read to its end", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_run_is_refused_with_the_reason()
    {
        Assert.Equal("journal", Run(new CrashingStorage(), "otherwise allow").Error.Field);
        Assert.Equal("journal", Run(new FileJournalStorage(Path.Combine(Path.GetTempPath(), "tributary-no-such-folder")), "otherwise allow").Error.Field);
        var refusal = Run(Written(), "block if :nope: > 1").Error;
        Assert.Equal("policy", refusal.Field);
        Assert.StartsWith("line 1, column 10", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("nope", Run(Written(), "otherwise allow", "nope").Error.Field);
    }

    private static Result<BacktestReport, Refusal> Run(IJournalStorage storage, string policy, string list = "trusted") => JournalBacktest.Run(
        storage,
        policy,
        new JournalBacktestOptions
        {
            AsOf = Samples.Time.AddDays(60),
            Lists = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal) { [list] = [Shop.Card] },
            AmountFact = "amount_eur",
        },
        progress: null,
        TestContext.Current.CancellationToken);

    private static CrashingStorage Written()
    {
        var storage = new CrashingStorage();
        var writer = JournalWriter.Open(storage, new JournalOptions()).Value;
        foreach (var entry in new JournalEntry[] { new SchemaEntry(Shop.Schema), Samples.Decision(1), Samples.Decision(2) })
            writer.Append(entry, Samples.Time);
        writer.Commit(sync: true);
        return storage;
    }
}
