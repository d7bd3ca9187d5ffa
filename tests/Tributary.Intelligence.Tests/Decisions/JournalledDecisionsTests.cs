using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Errors;
using Tributary.Testing.Storage;

namespace Tributary.Intelligence.Tests.Decisions;

public sealed class JournalledDecisionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_decision_is_on_disk_when_it_is_handed_out()
    {
        var disk = new SimulatedDisk(1);
        await using var journal = DecisionJournal.Open(disk.Folder(), new JournalOptions(), TimeProvider.System, new Xoshiro256(1)).Value;
        var bench = new Bench("block if :attempts: = 1");
        var decisions = new JournalledDecisions(bench.Engine, journal);
        Assert.Null(await decisions.UseAsync(bench.Engine.Setup, Samples.Anna, Cancellation));
        var decision = (await decisions.DecideAsync(bench.Request(), Cancellation)).Value;
        var entries = new JournalReader(disk.Folder()).ReadAll().Select(item => item.Entry).ToList();
        Assert.Equal([EntryKind.Schema, EntryKind.Model, EntryKind.Decision], entries.Select(entry => entry.Kind));
        Assert.Equal(decision.Entry.Id, ((DecisionEntry)entries[^1]).Id);
        Assert.Equal(Verdict.Block, decision.Verdict);
        Assert.True(journal.SyncedThrough.Value >= 3);
    }

    [Fact]
    public async Task A_decision_that_cannot_be_journalled_is_not_handed_out()
    {
        var disk = new SimulatedDisk(1);
        await using var journal = DecisionJournal.Open(disk.Folder(), new JournalOptions(), TimeProvider.System, new Xoshiro256(1)).Value;
        var bench = new Bench("otherwise allow");
        var decisions = new JournalledDecisions(bench.Engine, journal);
        disk.CapacityBytes = 0;
        await Assert.ThrowsAsync<StorageStoppedException>(async () => await decisions.DecideAsync(bench.Request(), Cancellation));
    }

    [Fact]
    public async Task A_refused_request_is_not_journalled()
    {
        var disk = new SimulatedDisk(1);
        await using var journal = DecisionJournal.Open(disk.Folder(), new JournalOptions(), TimeProvider.System, new Xoshiro256(1)).Value;
        var bench = new Bench("otherwise allow").With("card", FactValue.Of("4111111111111111"));
        Assert.False((await new JournalledDecisions(bench.Engine, journal).DecideAsync(bench.Request(), Cancellation)).IsOk);
        Assert.Empty(new JournalReader(disk.Folder()).ReadAll());
    }
}
