using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Primitives.Randomness;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Testing;
using Tributary.Testing.Storage;

namespace Tributary.Intelligence.Tests.Journal;

public sealed class JournalRecoveryTests
{
    private static readonly JournalOptions SmallSegments = new() { SegmentBytes = 2_000 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_reads_back_in_order_over_segments()
    {
        var directory = new MemoryDirectory();
        await WriteAsync(directory, 40, SmallSegments);
        Assert.True(Segments(directory).Length > 3);
        var items = Read(directory, out var fault);
        Assert.Null(fault);
        Assert.Equal(40, items.Count);
        Assert.All(items.Select((item, i) => (item, i)), pair =>
        {
            Assert.Equal((ulong)pair.i + 1, pair.item.Sequence.Value);
            Assert.Equal(Samples.Time.AddMinutes(pair.i), pair.item.AppendedAt);
            Assert.Equal(Samples.All[pair.i % Samples.All.Count].Kind, pair.item.Entry.Kind);
        });
    }

    [Fact]
    public async Task After_any_loss_of_power_every_synced_record_is_there_and_writing_goes_on()
    {
        for (ulong seed = 1; seed <= 150; seed++)
        {
            var random = new Xoshiro256(seed);
            var disk = new SimulatedDisk(seed);
            ulong synced = 0;
            for (var life = 0; life < 4; life++)
            {
                var policy = random.NextUInt64() % 2 == 0 ? FlushPolicy.Never : FlushPolicy.EveryGroup;
                var opened = Open(disk.Folder(), SmallSegments with { Flush = policy });
                Assert.True(opened.IsOk, $"seed {seed}: {opened}");
                var journal = opened.Value;
                Assert.True(journal.Recovery.LastSequence >= synced, $"seed {seed}: {synced} was synced, {journal.Recovery.LastSequence} is there");
                for (var i = random.NextUInt64() % 14; i > 0; i--)
                    await journal.AppendAsync(Samples.All[(int)(random.NextUInt64() % (ulong)Samples.All.Count)], Cancellation);
                synced = journal.SyncedThrough.Value;
                if (policy == FlushPolicy.EveryGroup)
                    Assert.True(synced >= journal.Recovery.LastSequence);
                disk.Restart();
            }

            await using var last = Open(disk.Folder(), SmallSegments).Value;
            Assert.Equal(last.Recovery.LastSequence, (ulong)Read(disk.Folder(), out var fault).Count);
            Assert.Null(fault);
        }
    }

    [Fact]
    public async Task A_torn_tail_is_cut_off_and_reported()
    {
        var whole = new MemoryDirectory();
        await WriteAsync(whole, 3, new JournalOptions());
        var (name, bytes) = Segments(whole).Select(name => (name, Bytes(whole, name))).Single();
        var wasTorn = false;
        for (var length = bytes.Length; length >= 256; length -= 3)
        {
            var torn = With(whole, name, bytes[..length]);
            await using var journal = Open(torn, new JournalOptions()).Value;
            wasTorn |= journal.Recovery.WasTorn;
            Assert.Equal((int)journal.Recovery.LastSequence, Read(torn, out var fault).Count);
            Assert.Null(fault);
        }

        Assert.True(wasTorn);
    }

    [Fact]
    public async Task Damage_to_what_was_synced_is_refused_and_nothing_is_changed()
    {
        var whole = new MemoryDirectory();
        await WriteAsync(whole, 6, new JournalOptions());
        var (name, bytes) = Segments(whole).Select(name => (name, Bytes(whole, name))).Single();
        for (var offset = 0; offset < bytes.Length - 48; offset += 7)
        {
            var flipped = bytes.ToArray();
            flipped[offset] ^= 1;
            var damaged = With(whole, name, flipped);
            var result = Open(damaged, new JournalOptions());
            Assert.False(result.IsOk, $"a flipped bit at {offset} went unnoticed");
            Assert.Contains(name, result.Error.Reason, StringComparison.Ordinal);
            Assert.Equal(flipped, Bytes(damaged, name));
            _ = Read(damaged, out var fault);
            Assert.NotNull(fault);
        }
    }

    [Fact]
    public async Task A_changed_record_in_a_log_that_was_written_anew_breaks_the_chain()
    {
        var records = new List<byte[]>();
        var (first, second) = (new MemoryDirectory(), new MemoryDirectory());
        await WriteAsync(first, 4, new JournalOptions(), static _ => Samples.Decision());
        await WriteAsync(second, 4, new JournalOptions(), static i => i == 1 ? Samples.Decision(9) : Samples.Decision());
        foreach (var (directory, taken) in new[] { (first, new[] { 0 }), (second, [1]), (first, [2, 3]) })
        {
            using var reader = new LogReader(directory, DecisionJournal.Purpose);
            for (var i = 0; reader.TryNext(out _, out var record); i++)
            {
                if (taken.Contains(i))
                    records.Add(record.ToArray());
            }
        }

        // The second record is taken from a journal that was forged whole; its neighbours are the old ones.
        var forged = new MemoryDirectory();
        await using (var log = RecordLog.Open(forged, new LogOptions { Purpose = DecisionJournal.Purpose }, new Xoshiro256(3), new CollectingReplay()).Value)
        {
            foreach (var record in records)
                await log.AppendAsync(new LogBatch().Add(record), Cancellation);
        }

        Assert.Equal(2, Read(forged, out var fault).Count);
        Assert.Contains("breaks the chain", fault!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_segment_is_noticed_and_the_oldest_may_be_removed()
    {
        var directory = new MemoryDirectory();
        await WriteAsync(directory, 30, SmallSegments);
        var segments = Segments(directory);
        Assert.True(segments.Length >= 4);
        var gap = Without(directory, segments[1]);
        Assert.NotEmpty(Read(gap, out var fault));
        Assert.Contains("does not continue", fault!.Reason, StringComparison.Ordinal);
        var fromSecond = Without(directory, segments[0]);
        Assert.NotEmpty(Read(fromSecond, out fault));
        Assert.Null(fault);
        await using var journal = Open(fromSecond, SmallSegments).Value;
        Assert.Equal(30UL, journal.Recovery.LastSequence);
    }

    [Fact]
    public async Task The_chain_goes_on_behind_a_segment_that_is_still_empty()
    {
        for (var operations = 1; operations < 30; operations++)
        {
            var disk = new SimulatedDisk((ulong)operations);
            await WriteAsync(disk.Folder(), 20, SmallSegments);
            disk.FailPowerAfter(operations);
            try
            {
                await WriteAsync(disk.Folder(), 20, SmallSegments);
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException && disk.IsDown)
            {
                // The power has failed.
            }

            disk.Restart();
            await WriteAsync(disk.Folder(), 2, SmallSegments);
            Assert.True(Read(disk.Folder(), out var fault).Count >= 22);
            Assert.Null(fault);
        }
    }

    [Fact]
    public async Task An_entry_that_no_record_holds_is_refused()
    {
        await using var journal = Open(new MemoryDirectory(), new JournalOptions()).Value;
        var entry = new PolicySavedEntry(default, default, new string('x', 1 << 20), Samples.Anna);
        Assert.Equal("entry", (await journal.AppendAsync(entry, Cancellation)).Error.Field);
        Assert.Equal(1UL, (await journal.AppendAsync(Samples.Decision(), Cancellation)).Value.Value);
    }

    [Fact]
    public async Task Any_bytes_can_be_read_and_opened()
    {
        var whole = new MemoryDirectory();
        await WriteAsync(whole, 3, new JournalOptions());
        var (name, valid) = Segments(whole).Select(name => (name, Bytes(whole, name))).Single();
        Fuzz.Run(
            [valid, valid[..300], [.. valid, .. valid], []],
            bytes =>
            {
                var directory = With(whole, name, bytes.ToArray());
                var count = Read(directory, out _).Count;
                if (Open(directory, new JournalOptions()).TryGet(out var journal) && (int)journal.Recovery.LastSequence < count)
                    throw new InvalidOperationException("Recovery lost a record that could be read.");
            },
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 1 << 20));
    }

    private static Result<DecisionJournal, Refusal> Open(IStorageDirectory directory, JournalOptions options) =>
        DecisionJournal.Open(directory, options, TimeProvider.System, new Xoshiro256(1));

    private static async Task WriteAsync(IStorageDirectory directory, int records, JournalOptions options, Func<int, JournalEntry>? entry = null)
    {
        var clock = new Minutes();
        await using var journal = DecisionJournal.Open(directory, options, clock, new Xoshiro256(1)).Value;
        for (var i = 0; i < records; i++)
        {
            clock.Now = Samples.Time.AddMinutes(i);
            await journal.AppendAsync(entry?.Invoke(i) ?? Samples.All[i % Samples.All.Count], Cancellation);
        }
    }

    private static List<JournalItem> Read(IStorageDirectory directory, out Refusal? fault)
    {
        using var reader = new JournalReader(directory);
        var items = reader.ReadAll().ToList();
        fault = reader.Fault;
        return items;
    }

    private static string[] Segments(MemoryDirectory directory) =>
        [.. directory.List().Where(static name => name.StartsWith("segment-", StringComparison.Ordinal))];

    private static byte[] Bytes(MemoryDirectory directory, string name)
    {
        using var file = directory.Open(name, FileUse.Read);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    /// <summary>A copy of a folder with one file changed.</summary>
    private static MemoryDirectory With(MemoryDirectory directory, string changed, byte[] content)
    {
        var copy = new MemoryDirectory();
        foreach (var name in directory.List())
            copy.Create(name).Write(0, string.Equals(name, changed, StringComparison.Ordinal) ? content : Bytes(directory, name));
        return copy;
    }

    private static MemoryDirectory Without(MemoryDirectory directory, string name)
    {
        var copy = With(directory, name, []);
        copy.Remove(name);
        return copy;
    }

    private sealed class Minutes : TimeProvider
    {
        internal DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
