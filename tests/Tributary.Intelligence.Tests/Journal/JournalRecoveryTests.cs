using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Storage;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Intelligence.Tests.Journal.Storage;
using Tributary.Testing;

namespace Tributary.Intelligence.Tests.Journal;

public sealed class JournalRecoveryTests
{
    private static readonly JournalOptions SmallSegments = new() { SegmentBytes = 2_000 };

    [Fact]
    public void What_is_written_reads_back_in_order_over_segments()
    {
        var storage = new CrashingStorage();
        var writer = JournalWriter.Open(storage, SmallSegments).Value;
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal((ulong)i + 1, writer.Append(Samples.All[i % Samples.All.Count], Samples.Time.AddMinutes(i)).Value.Value);
            writer.Commit(sync: true);
        }

        Assert.True(storage.Segments.Count > 3);
        var reader = new JournalReader(storage);
        var items = reader.ReadAll().ToList();
        Assert.Null(reader.Fault);
        Assert.Equal(40, items.Count);
        Assert.All(items.Select((item, i) => (item, i)), pair =>
        {
            Assert.Equal((ulong)pair.i + 1, pair.item.Sequence.Value);
            Assert.Equal(Samples.Time.AddMinutes(pair.i), pair.item.AppendedAt);
            Assert.Equal(Samples.All[pair.i % Samples.All.Count].Kind, pair.item.Entry.Kind);
        });
    }

    [Fact]
    public void After_any_loss_of_power_every_synced_record_is_there_and_writing_goes_on()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var variates = new Variates(new SeededEntropy(seed));
            var storage = new CrashingStorage();
            ulong synced = 0;
            for (var life = 0; life < 4; life++)
            {
                var opened = JournalWriter.Open(storage, SmallSegments);
                Assert.True(opened.IsOk, $"seed {seed}: {opened}");
                var writer = opened.Value;
                Assert.True(writer.Recovery.LastSequence >= synced, $"seed {seed}: {synced} was synced, {writer.Recovery.LastSequence} is there");
                synced = writer.Recovery.LastSequence;
                for (var i = variates.NextIndex(12); i >= 0; i--)
                {
                    for (var j = variates.NextIndex(3); j >= 0; j--)
                        writer.Append(Samples.All[variates.NextIndex(Samples.All.Count)], Samples.Time);
                    writer.Commit(sync: variates.NextUniform() < 0.5);
                    synced = writer.SyncedThrough;
                }

                storage = storage.Crash(variates);
            }

            var last = JournalWriter.Open(storage, SmallSegments).Value;
            var reader = new JournalReader(storage);
            Assert.Equal(last.Recovery.LastSequence, (ulong)reader.ReadAll().Count());
            Assert.Null(reader.Fault);
        }
    }

    [Fact]
    public void A_torn_tail_is_cut_off_and_reported()
    {
        var storage = Written(records: 3, synced: 2);
        var bytes = storage.Bytes(1);
        for (var length = bytes.Length - 1; length > 0; length--)
        {
            var torn = CrashingStorage.Of(bytes[..length]);
            var writer = JournalWriter.Open(torn, new JournalOptions()).Value;
            Assert.True(writer.Recovery.LastSequence <= 2);
            var reader = new JournalReader(torn);
            Assert.Equal((int)writer.Recovery.LastSequence, reader.ReadAll().Count());
            Assert.Null(reader.Fault);
        }
    }

    [Fact]
    public void Damage_to_what_was_synced_is_refused_and_nothing_is_changed()
    {
        var storage = Written(records: 6, synced: 5);
        var bytes = storage.Bytes(1);
        var recordLength = (bytes.Length - 56) / 6;
        for (var offset = 0; offset < 56 + (recordLength * 4); offset += 7)
        {
            // Four zero bytes behind the checksum of the segment's header mean nothing.
            if (offset is >= 20 and < 24)
                continue;
            var damaged = CrashingStorage.Of(bytes);
            damaged.Flip(1, offset);
            var before = damaged.Bytes(1);
            var result = JournalWriter.Open(damaged, new JournalOptions());
            Assert.False(result.IsOk, $"a flipped bit at {offset} went unnoticed");
            Assert.StartsWith("segment 1, offset", result.Error.Field, StringComparison.Ordinal);
            Assert.Equal(before, damaged.Bytes(1));
            Assert.NotNull(ReadFault(damaged));
        }
    }

    [Fact]
    public void A_changed_record_with_a_fresh_checksum_breaks_the_chain()
    {
        var original = Written(records: 4, synced: 4).Bytes(1);
        var other = new CrashingStorage();
        var writer = JournalWriter.Open(other, new JournalOptions()).Value;
        for (var i = 0; i < 4; i++)
        {
            writer.Append(i == 1 ? Samples.Decision(9) : Samples.Decision(), Samples.Time);
            writer.Commit(sync: true);
        }

        // The second record is taken from a journal that was forged whole; its neighbours are the old ones.
        var recordLength = (original.Length - 56) / 4;
        other.Bytes(1).AsSpan(56 + recordLength, recordLength).CopyTo(original.AsSpan(56 + recordLength));
        var forged = CrashingStorage.Of(original);
        var reader = new JournalReader(forged);
        Assert.Equal(2, reader.ReadAll().Count());
        Assert.NotNull(reader.Fault);
        Assert.False(JournalWriter.Open(forged, new JournalOptions()).IsOk);
    }

    [Fact]
    public void A_missing_segment_is_noticed()
    {
        var storage = Written(records: 30, synced: 30, SmallSegments);
        var segments = storage.Segments.Select(storage.Bytes).ToArray();
        Assert.True(segments.Length >= 4);
        var gap = new GapStorage(storage, missing: 2);
        var reader = new JournalReader(gap);
        Assert.NotEmpty(reader.ReadAll().ToList());
        Assert.Contains("does not continue", reader.Fault!.Reason, StringComparison.Ordinal);
        var fromSecond = new JournalReader(new GapStorage(storage, missing: 1));
        Assert.NotEmpty(fromSecond.ReadAll().ToList());
        Assert.Null(fromSecond.Fault);
    }

    [Fact]
    public void A_segment_whose_creation_was_torn_is_begun_anew()
    {
        var storage = Written(records: 20, synced: 20, SmallSegments);
        var segments = storage.Segments.Select(storage.Bytes).ToArray();
        segments[^1] = segments[^1][..30];
        var torn = CrashingStorage.Of(segments);
        var writer = JournalWriter.Open(torn, SmallSegments).Value;
        Assert.True(writer.Recovery.WasTorn);
        writer.Append(Samples.Decision(), Samples.Time);
        writer.Commit(sync: true);
        var reader = new JournalReader(torn);
        Assert.Equal((int)writer.Recovery.LastSequence + 1, reader.ReadAll().Count());
        Assert.Null(reader.Fault);
    }

    [Fact]
    public void After_a_failed_write_the_writer_promises_nothing_more()
    {
        for (var operations = 0; operations < 6; operations++)
        {
            var storage = new CrashingStorage();
            var writer = JournalWriter.Open(storage, new JournalOptions()).Value;
            writer.Append(Samples.Decision(), Samples.Time);
            writer.Commit(sync: true);
            storage.OperationsLeft = operations;
            var failed = false;
            for (var i = 0; i < 4 && !failed; i++)
            {
                writer.Append(Samples.Decision(), Samples.Time);
                try
                {
                    writer.Commit(sync: true);
                }
                catch (IOException)
                {
                    failed = true;
                }
            }

            Assert.True(failed);
            Assert.Throws<InvalidOperationException>(() => writer.Append(Samples.Decision(), Samples.Time));
            Assert.Throws<InvalidOperationException>(() => writer.Commit(sync: true));
            storage.OperationsLeft = int.MaxValue;
            Assert.True(JournalWriter.Open(storage, new JournalOptions()).Value.Recovery.LastSequence >= writer.SyncedThrough);
        }
    }

    [Fact]
    public void An_entry_that_no_record_holds_is_refused()
    {
        var writer = JournalWriter.Open(new CrashingStorage(), new JournalOptions()).Value;
        var entry = new PolicySavedEntry(default, default, new string('x', 1 << 20), Samples.Anna);
        Assert.Equal("entry", writer.Append(entry, Samples.Time).Error.Field);
        Assert.Equal(1UL, writer.Append(Samples.Decision(), Samples.Time).Value.Value);
    }

    [Fact]
    public void Any_bytes_can_be_read_and_opened()
    {
        var valid = Written(records: 3, synced: 2).Bytes(1);
        Fuzz.Run(
            [valid, valid[..60], [.. valid, .. valid], []],
            static bytes =>
            {
                var storage = CrashingStorage.Of(bytes.ToArray());
                var reader = new JournalReader(storage);
                var count = reader.ReadAll().Count();
                if (JournalWriter.Open(storage, new JournalOptions()).TryGet(out var writer) && (int)writer.Recovery.LastSequence < count)
                    throw new InvalidOperationException("Recovery lost a record that could be read.");
            },
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 1 << 20));
    }

    private static CrashingStorage Written(int records, int synced, JournalOptions? options = null)
    {
        var storage = new CrashingStorage();
        var writer = JournalWriter.Open(storage, options ?? new JournalOptions()).Value;
        for (var i = 1; i <= records; i++)
        {
            writer.Append(Samples.Decision(), Samples.Time);
            writer.Commit(sync: i <= synced);
        }

        return storage;
    }

    private static Tributary.Primitives.Results.Refusal? ReadFault(CrashingStorage storage)
    {
        var reader = new JournalReader(storage);
        _ = reader.ReadAll().Count();
        return reader.Fault;
    }

    private sealed class GapStorage(IJournalStorage inner, int missing) : IJournalStorage
    {
        public IReadOnlyList<int> Segments => [.. inner.Segments.Where(segment => segment != missing)];

        public long Length(int segment) => inner.Length(segment);

        public int Read(int segment, long offset, Span<byte> destination) => inner.Read(segment, offset, destination);

        public void Append(int segment, ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

        public void Sync(int segment) => throw new NotSupportedException();

        public void Truncate(int segment, long length) => throw new NotSupportedException();
    }
}
