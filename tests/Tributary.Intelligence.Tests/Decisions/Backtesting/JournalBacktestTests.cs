using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Intelligence.Tests.Policy;
using Tributary.Primitives.Randomness;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Intelligence.Tests.Decisions.Backtesting;

public sealed class JournalBacktestTests
{
    [Fact]
    public async Task A_text_is_run_over_a_journal_against_its_last_schema()
    {
        var report = Run(await WrittenAsync(), "block if :country: = 'DE' and in list(trusted)").Value;
        Assert.Equal((2, 2), (report.Decisions, report.Changed));
        Assert.Null(report.JournalFault);
    }

    [Fact]
    public async Task A_torn_journal_is_used_as_far_as_it_goes_and_the_report_says_so()
    {
        var directory = await WrittenAsync();
        using (var segment = directory.Open(directory.List().Single(static name => name.StartsWith("segment-", StringComparison.Ordinal)), FileUse.ReadWrite))
            segment.Truncate(segment.Length - 60); // The empty group that closing leaves, and the end of the last record.
        var report = Run(directory, "otherwise block").Value;
        Assert.Equal(1, report.Decisions);
        Assert.Contains("segment-0000000001.log", report.JournalFault, StringComparison.Ordinal);
        Assert.Contains("not read to its end", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_run_is_refused_with_the_reason()
    {
        Assert.Equal("journal", Run(new MemoryDirectory(), "otherwise allow").Error.Field);
        var refusal = Run(await WrittenAsync(), "block if :nope: > 1").Error;
        Assert.Equal("policy", refusal.Field);
        Assert.StartsWith("line 1, column 10", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("nope", Run(await WrittenAsync(), "otherwise allow", "nope").Error.Field);
    }

    private static Result<BacktestReport, Refusal> Run(IStorageDirectory directory, string policy, string list = "trusted") => JournalBacktest.Run(
        directory,
        policy,
        new JournalBacktestOptions
        {
            AsOf = Samples.Time.AddDays(60),
            Lists = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal) { [list] = [Shop.Card] },
            AmountFact = "amount_eur",
        },
        progress: null,
        TestContext.Current.CancellationToken);

    private static async Task<MemoryDirectory> WrittenAsync()
    {
        var directory = new MemoryDirectory();
        await using var journal = DecisionJournal.Open(directory, new JournalOptions(), TimeProvider.System, new Xoshiro256(1)).Value;
        foreach (var entry in new JournalEntry[] { new SchemaEntry(Shop.Schema), Samples.Decision(1), Samples.Decision(2) })
            await journal.AppendAsync(entry, TestContext.Current.CancellationToken);
        return directory;
    }
}
