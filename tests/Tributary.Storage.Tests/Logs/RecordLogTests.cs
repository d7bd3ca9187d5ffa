using System.Text;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Testing.Storage;

namespace Tributary.Storage.Tests.Logs;

/// <summary>A log on a real disk and in memory: the same behaviour.</summary>
public abstract class RecordLogTests : IDisposable
{
    protected static readonly LogOptions Options = new() { Purpose = "test/1" };

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IStorageDirectory Directory { get; }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    [Fact]
    public async Task What_was_appended_is_replayed_in_order()
    {
        await using (var log = Open())
        {
            for (var i = 1; i <= 20; i++)
                Assert.Equal((ulong)i, (await log.AppendAsync(Batch($"{i}a", $"{i}b"), Cancellation)).Value);
            Assert.Equal(20UL, log.DurableThrough.Value);
        }

        var replay = new CollectingReplay();
        await using var again = Open(replay);
        Assert.Equal(20UL, again.Recovery.Through.Value);
        Assert.Equal(2UL, again.Generation.Value);
        Assert.Equal(Enumerable.Range(1, 20).SelectMany(static i => new[] { $"{i}a", $"{i}b" }).ToArray(), replay.Texts);
        foreach (var (_, location, record) in replay.Records)
            Assert.Equal(record, again.Read(location));
    }

    [Fact]
    public async Task Many_writers_share_flushes_and_keep_their_own_order()
    {
        await using (var log = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; i < 25; i++)
                    await log.AppendAsync(Batch($"{writer}:{i}"), Cancellation);
            })));
        }

        var replay = new CollectingReplay();
        await using var again = Open(replay);
        Assert.Equal(500, replay.Records.Count);
        foreach (var writer in replay.Records.Select(static item => Encoding.UTF8.GetString(item.Record).Split(':')).GroupBy(static parts => parts[0], StringComparer.Ordinal))
            Assert.Equal(Enumerable.Range(0, 25), writer.Select(static parts => int.Parse(parts[1])));
    }

    [Fact]
    public async Task A_commit_that_nobody_waits_for_tells_where_its_records_lie()
    {
        await using var log = Open();
        var (first, second) = (Batch("one", "two"), Batch("three"));
        Assert.True(log.TryAppend(first, out var commit));
        Assert.True(log.TryAppend(second, out var next));
        await next.Durable;
        Assert.Equal("two"u8.ToArray(), log.Read(commit.Locate(first, 1)));
        Assert.Equal("three"u8.ToArray(), log.Read(next.Locate(second, 0)));
    }

    [Fact]
    public async Task Segments_follow_each_other()
    {
        var options = Options with { SegmentBytes = 600 };
        await using (var log = Open(options: options))
        {
            for (var i = 0; i < 50; i++)
                await log.AppendAsync(Batch($"{i}"), Cancellation);
        }

        Assert.True(Directory.List().Count(static name => name.StartsWith("segment-", StringComparison.Ordinal)) > 5);
        var replay = new CollectingReplay();
        await using var again = Open(replay, options);
        Assert.Equal(50, replay.Records.Count);
    }

    [Fact]
    public async Task A_checkpoint_replaces_what_it_covers()
    {
        await using (var log = Open())
        {
            for (var i = 0; i < 10; i++)
                await log.AppendAsync(Batch($"{i}"), Cancellation);
            var before = log.Size;
            await log.CheckpointAsync(new LogSequence(10), ["sum"u8.ToArray()], Cancellation);
            Assert.True(log.Size < before);
            await log.AppendAsync(Batch("after"), Cancellation);
        }

        var replay = new CollectingReplay();
        await using var again = Open(replay);
        Assert.Equal("sum", Encoding.UTF8.GetString(Assert.Single(replay.Checkpoint)));
        Assert.Equal("after", Encoding.UTF8.GetString(Assert.Single(replay.Records).Record));
        Assert.Equal(11UL, again.Recovery.Through.Value);
    }

    [Fact]
    public async Task A_checkpoint_may_end_in_the_middle_of_a_segment()
    {
        await using (var log = Open())
        {
            for (var i = 1; i <= 10; i++)
                await log.AppendAsync(Batch($"{i}"), Cancellation);
            await log.CheckpointAsync(new LogSequence(4), ["1-4"u8.ToArray()], Cancellation);
            await log.AppendAsync(Batch("11"), Cancellation);
            await log.CheckpointAsync(new LogSequence(5), ["1-5"u8.ToArray()], Cancellation);
        }

        var replay = new CollectingReplay();
        await using var again = Open(replay);
        Assert.Equal("1-5", Encoding.UTF8.GetString(Assert.Single(replay.Checkpoint)));
        string[] expected = ["6", "7", "8", "9", "10", "11"];
        Assert.Equal(expected, replay.Texts);
    }

    [Fact]
    public async Task A_second_writer_is_refused_by_the_name_of_the_first()
    {
        await using var log = Open(options: Options with { Holder = "the first" });
        var error = RecordLog.Open(Directory, Options, new Xoshiro256(2), new CollectingReplay()).Error;
        Assert.Equal(StorageErrorKind.InUse, error.Kind);
        Assert.Contains("the first", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_whose_generation_was_passed_stops()
    {
        await using var log = Open();
        await log.AppendAsync(Batch("mine"), Cancellation);
        Tributary.Storage.Leases.WriterLease.Write(Directory, log.Generation.Next);
        await Assert.ThrowsAsync<StorageStoppedException>(async () => await log.AppendAsync(Batch("too late"), Cancellation));
        Assert.IsType<LeaseLostException>((await log.Fatal).InnerException);
        Assert.Throws<StorageStoppedException>(() => log.TryAppend(Batch("never"), out _));
    }

    [Fact]
    public async Task Another_purpose_is_refused()
    {
        await using (var log = Open())
            await log.AppendAsync(Batch("x"), Cancellation);
        var error = RecordLog.Open(Directory, Options with { Purpose = "other/1" }, new Xoshiro256(2), new CollectingReplay()).Error;
        Assert.Equal(StorageErrorKind.Foreign, error.Kind);
    }

    [Fact]
    public void A_log_that_must_exist_and_does_not_is_missing() =>
        Assert.Equal(StorageErrorKind.Missing, RecordLog.Open(Directory, Options with { MustExist = true }, new Xoshiro256(2), new CollectingReplay()).Error.Kind);

    protected static LogBatch Batch(params string[] records)
    {
        var batch = new LogBatch();
        foreach (var record in records)
            batch.Add(Encoding.UTF8.GetBytes(record));
        return batch;
    }

    protected RecordLog Open(CollectingReplay? replay = null, LogOptions? options = null) =>
        RecordLog.Open(Directory, options ?? Options, new Xoshiro256(1), replay ?? new CollectingReplay()).Value;
}
