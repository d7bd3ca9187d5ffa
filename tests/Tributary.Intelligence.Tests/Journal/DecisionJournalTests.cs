using System.Diagnostics;
using System.Globalization;
using Tributary.Intelligence.Journal;
using Tributary.Primitives.Randomness;
using Tributary.Primitives.Results;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Testing.Storage;

namespace Tributary.Intelligence.Tests.Journal;

public sealed class DecisionJournalTests
{
    private const string ChildFolder = "TRIBUTARY_JOURNAL_CHILD";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_threads_append_and_each_entry_is_synced_when_its_append_returns()
    {
        var storage = new SimulatedDisk(1).Folder();
        var journal = Open(storage, new JournalOptions { SegmentBytes = 20_000 }).Value;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                var sequence = await journal.AppendAsync(Samples.Decision((thread * 100) + i), Cancellation);
                Assert.True(journal.SyncedThrough.Value >= sequence.Value.Value);
            }
        })));
        await journal.DisposeAsync();
        using var reader = new JournalReader(storage);
        Assert.Equal(800, reader.ReadAll().Select(item => ((Tributary.Intelligence.Journal.Entries.DecisionEntry)item.Entry).Id).Distinct().Count());
        Assert.Null(reader.Fault);
    }

    [Fact]
    public async Task With_an_interval_or_without_sync_appends_return_and_closing_syncs_the_rest()
    {
        foreach (var policy in new[] { FlushPolicy.Every(TimeSpan.FromHours(1), TimeProvider.System), FlushPolicy.Never })
        {
            var storage = new SimulatedDisk(1).Folder();
            var journal = Open(storage, new JournalOptions { Flush = policy }).Value;
            await journal.AppendAsync(Samples.Decision(), Cancellation);
            Assert.Equal(0UL, journal.SyncedThrough.Value);
            await journal.DisposeAsync();
            Assert.Equal(1UL, journal.SyncedThrough.Value);
            Assert.Single(ReadAll(storage));
        }
    }

    [Fact]
    public async Task A_failed_disk_reaches_every_append_and_a_closed_journal_takes_nothing()
    {
        var disk = new SimulatedDisk(1);
        var journal = Open(disk.Folder(), new JournalOptions()).Value;
        disk.CapacityBytes = 0;
        await Assert.ThrowsAsync<StorageStoppedException>(async () => await journal.AppendAsync(Samples.Decision(), Cancellation));
        await Assert.ThrowsAsync<StorageStoppedException>(async () => await journal.AppendAsync(Samples.Decision(), Cancellation));
        await journal.DisposeAsync();
        await Assert.ThrowsAsync<StorageStoppedException>(async () => await journal.AppendAsync(Samples.Decision(), Cancellation));
    }

    [Fact]
    public async Task Files_are_written_read_and_opened_again()
    {
        var folder = Directory.CreateTempSubdirectory("tributary-journal").FullName;
        try
        {
            for (var life = 1; life <= 3; life++)
            {
                var storage = DiskDirectory.Open(folder);
                var journal = Open(storage, new JournalOptions { SegmentBytes = 3_000 }).Value;
                for (var i = 0; i < 20; i++)
                    await journal.AppendAsync(Samples.Decision(i), Cancellation);
                await journal.DisposeAsync();
                using var reader = new JournalReader(storage);
                Assert.Equal(20 * life, reader.ReadAll().Count());
                Assert.Null(reader.Fault);
                Assert.True(storage.List().Count > life + 5);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_second_writer_of_the_same_folder_fails_instead_of_interleaving()
    {
        var folder = Directory.CreateTempSubdirectory("tributary-journal").FullName;
        try
        {
            await using var journal = Open(DiskDirectory.Open(folder), new JournalOptions()).Value;
            Assert.Contains("is in use by", Open(DiskDirectory.Open(folder), new JournalOptions()).Error.Reason, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A process that appends is killed in the middle, several times over one folder; whatever it had reported as safe is there.
    [Fact]
    public async Task A_killed_process_loses_nothing_that_it_had_reported()
    {
        var folder = Directory.CreateTempSubdirectory("tributary-journal").FullName;
        try
        {
            ulong reported = 0;
            for (var life = 0; life < 3; life++)
            {
                reported = Math.Max(reported, await RunChildAndKill(folder, reportsBeforeKill: 40 + (life * 70)));
                var storage = DiskDirectory.Open(Path.Combine(folder, "journal"));
                await using var journal = Open(storage, new JournalOptions()).Value;
                Assert.True(journal.Recovery.LastSequence >= reported);
                using var reader = new JournalReader(storage);
                Assert.Equal(journal.Recovery.LastSequence, (ulong)reader.ReadAll().Count());
                Assert.Null(reader.Fault);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Runs only in the process that the test above starts: appends until it is killed, and writes the number of each record that is safe.
    [Fact(Explicit = true)]
    public async Task Child_appends_until_it_is_killed()
    {
        if (Environment.GetEnvironmentVariable(ChildFolder) is not { Length: > 0 } folder)
        {
            Assert.Skip("Runs only as the child of the test that kills it.");
            return;
        }

        await using var journal = Open(DiskDirectory.Open(Path.Combine(folder, "journal")), new JournalOptions { SegmentBytes = 30_000 }).Value;
        await using var output = new StreamWriter(Path.Combine(folder, "reported"), new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite });
        for (var round = 0; round < 1_000_000; round++)
        {
            var sequences = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => journal.AppendAsync(Samples.Decision(i), Cancellation).AsTask()));
            await output.WriteLineAsync(sequences.Max(sequence => sequence.Value.Value).ToString(CultureInfo.InvariantCulture));
            await output.FlushAsync(Cancellation);
        }
    }

    private static Result<DecisionJournal, Refusal> Open(IStorageDirectory directory, JournalOptions options) =>
        DecisionJournal.Open(directory, options, TimeProvider.System, new Xoshiro256(1));

    private static List<JournalItem> ReadAll(IStorageDirectory directory)
    {
        using var reader = new JournalReader(directory);
        return [.. reader.ReadAll()];
    }

    private static async Task<ulong> RunChildAndKill(string folder, int reportsBeforeKill)
    {
        var reports = Path.Combine(folder, "reported");
        File.Delete(reports);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) is "dotnet")
            start.ArgumentList.Add(typeof(DecisionJournalTests).Assembly.Location);
        start.ArgumentList.Add("--explicit");
        start.ArgumentList.Add("only");
        start.ArgumentList.Add("--filter-method");
        start.ArgumentList.Add($"*.{nameof(Child_appends_until_it_is_killed)}");
        start.Environment[ChildFolder] = folder;
        using var child = Process.Start(start)!;
        _ = child.StandardOutput.ReadToEndAsync(Cancellation);
        _ = child.StandardError.ReadToEndAsync(Cancellation);
        try
        {
            while (Lines(reports).Length < reportsBeforeKill)
            {
                Assert.False(child.HasExited, "The child ended by itself.");
                await Task.Delay(20, Cancellation);
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
        }

        return Lines(reports).Where(line => line.Length > 0).Select(line => ulong.Parse(line, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
    }

    // The last line may be cut where the child was killed.
    private static string[] Lines(string path)
    {
        if (!File.Exists(path))
            return [];
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n')[..^1];
    }
}
