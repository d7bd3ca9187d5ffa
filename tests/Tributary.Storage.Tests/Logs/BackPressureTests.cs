using FsCheck;
using FsCheck.Fluent;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Testing.Storage;

namespace Tributary.Storage.Tests.Logs;

public sealed class BackPressureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_the_bound_a_batch_waits_its_turn_and_one_that_was_cancelled_leaves_no_trace()
    {
        var directory = new MemoryDirectory();
        await using (var log = Open(directory, new CollectingReplay()))
        {
            var accepted = 0;
            while (log.TryAppend(Batch(100), out _))
                accepted++;
            Assert.InRange(accepted, 1, 100);
            var waiting = Enumerable.Range(0, 20).Select(_ => log.AppendAsync(Batch(100), Cancellation).AsTask()).ToArray();
            using var gone = new CancellationTokenSource();
            var cancelled = log.AppendAsync(Batch(200), gone.Token).AsTask();
            await gone.CancelAsync();
            var sequences = await Task.WhenAll(waiting);
            Assert.Equal(sequences.Select(static sequence => sequence.Value).Order(), sequences.Select(static sequence => sequence.Value));
            await Task.WhenAny(cancelled);
            await log.AppendAsync(Batch(1), Cancellation);
            Assert.InRange(log.DurableThrough.Value, (ulong)accepted + 21, (ulong)accepted + 22);
        }

        var replay = new CollectingReplay();
        await using var again = Open(directory, replay);
        Assert.Equal((int)again.Recovery.Through.Value, replay.Records.Count);
    }

    [Fact]
    public async Task A_batch_larger_than_the_bound_goes_alone_and_one_beyond_the_limit_is_an_error_of_the_caller()
    {
        var directory = new MemoryDirectory();
        await using var log = Open(directory, new CollectingReplay());
        Assert.Equal(1UL, (await log.AppendAsync(Batch(9_000), Cancellation)).Value);
        await Assert.ThrowsAsync<ArgumentException>(async () => await log.AppendAsync(Batch(20_000), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () => await log.AppendAsync(new LogBatch(), Cancellation));
    }

    [Fact]
    public void Any_batches_come_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[][] records, byte perBatch, ushort segmentBytes) => ComeBackAsync(records, 1 + (perBatch % 4), 1 + segmentBytes).GetAwaiter().GetResult()));

    private static async Task<bool> ComeBackAsync(byte[][] records, int perBatch, long segmentBytes)
    {
        var directory = new MemoryDirectory();
        var options = new LogOptions { Purpose = "test", SegmentBytes = segmentBytes };
        await using (var log = RecordLog.Open(directory, options, new Xoshiro256(1), new CollectingReplay()).Value)
        {
            foreach (var some in records.Chunk(perBatch))
                await log.AppendAsync(some.Aggregate(new LogBatch(), static (batch, record) => batch.Add(record)), CancellationToken.None);
        }

        var replay = new CollectingReplay();
        await using var again = RecordLog.Open(directory, options, new Xoshiro256(1), replay).Value;
        using var reader = new LogReader(directory, "test");
        var read = new List<byte[]>();
        while (reader.TryNext(out _, out var record))
            read.Add(record.ToArray());
        return reader.Fault is null
            && replay.Records.Select(static item => item.Record).Zip(records, static (left, right) => left.AsSpan().SequenceEqual(right)).All(static same => same)
            && read.Zip(records, static (left, right) => left.AsSpan().SequenceEqual(right)).All(static same => same)
            && (replay.Records.Count, read.Count) == (records.Length, records.Length);
    }

    private static LogBatch Batch(int length) => new LogBatch().Add(new byte[length]);

    private static RecordLog Open(IStorageDirectory directory, CollectingReplay replay) =>
        RecordLog.Open(directory, new LogOptions { Purpose = "test", PendingBytesMax = 1_000, BatchBytesMax = 10_000 }, new Xoshiro256(1), replay).Value;
}
