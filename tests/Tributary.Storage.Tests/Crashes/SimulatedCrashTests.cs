using System.Globalization;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Errors;
using Tributary.Storage.Logs;
using Tributary.Storage.Replicas;
using Tributary.Testing.Storage;

namespace Tributary.Storage.Tests.Crashes;

/// <summary>A log on a disk that fails in every way a disk may. <c>TRIBUTARY_CRASH_SEEDS</c> asks for more seeds, <c>TRIBUTARY_CRASH_SEED</c> for one.</summary>
public sealed class SimulatedCrashTests
{
    private static readonly LogOptions s_options = new() { Purpose = "crash", SegmentBytes = 4000, PendingBytesMax = 6000 };

    private static readonly ReplicaKey s_key = new(new byte[ReplicaKey.Length]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_acknowledged_batch_survives_whatever_the_disk_does()
    {
        var only = Number("TRIBUTARY_CRASH_SEED");
        var (first, count) = only is { } seed ? (seed, 1) : (1UL, (int)(Number("TRIBUTARY_CRASH_SEEDS") ?? 150));
        for (var i = first; i < first + (ulong)count; i++)
        {
            try
            {
                await LiveAsync(i, lives: 6);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Replay with TRIBUTARY_CRASH_SEED={i}.", exception);
            }
        }
    }

    [Fact]
    public async Task A_crash_at_any_operation_of_a_life_loses_nothing()
    {
        var operations = (await LiveUntilAsync(7, long.MaxValue)).Operations;
        Assert.True(operations > 60);
        for (var last = 0L; last <= operations; last++)
            await LiveUntilAsync(7, last);
    }

    [Fact]
    public async Task A_failed_flush_stops_the_log_and_tells_all_who_wait()
    {
        var disk = new SimulatedDisk(1);
        await using var log = Open(disk, new CollectingReplay());
        await log.AppendAsync(LogModel.RandomBatch(new Xoshiro256(1)), Cancellation);
        disk.FailFlushes(1);
        var waiting = Enumerable.Range(0, 10).Select(i => log.AppendAsync(LogModel.RandomBatch(new Xoshiro256((ulong)i)), Cancellation).AsTask()).ToArray();
        foreach (var waiter in waiting)
            await Assert.ThrowsAsync<StorageStoppedException>(() => waiter);
        Assert.Contains("Input/output", (await log.Fatal).Message, StringComparison.Ordinal);
        var before = disk.Flushes;
        await Assert.ThrowsAsync<StorageStoppedException>(async () => await log.AppendAsync(LogModel.RandomBatch(new Xoshiro256(1)), Cancellation));
        Assert.Equal(before, disk.Flushes);
    }

    [Fact]
    public async Task A_full_disk_stops_the_log_and_what_was_acknowledged_stays()
    {
        var disk = new SimulatedDisk(3);
        var model = new LogModel();
        var random = new Xoshiro256(3);
        await using (var log = Open(disk, new CollectingReplay()))
        {
            disk.CapacityBytes = 20_000;
            await Assert.ThrowsAsync<StorageStoppedException>(async () =>
            {
                while (true)
                    await AppendAsync(log, model, random);
            });
            Assert.True(log.Fatal.IsCompleted);
        }

        disk.CapacityBytes = long.MaxValue;
        disk.Restart();
        var replay = new CollectingReplay();
        await using var again = Open(disk, replay);
        model.Check(replay, again.Recovery.Through);
    }

    [Fact]
    public async Task Damage_is_found_wherever_it_is()
    {
        var disk = new SimulatedDisk(5);
        var model = new LogModel();
        var random = new Xoshiro256(5);
        await using (var log = Open(disk, new CollectingReplay()))
        {
            for (var i = 0; i < 12; i++)
                await AppendAsync(log, model, random);
            await log.CheckpointAsync(new LogSequence(6), model.Snapshot(6, 3), Cancellation);
            for (var i = 0; i < 12; i++)
                await AppendAsync(log, model, random);
        }

        var found = 0;
        var names = disk.Folder().List().Where(static name => name.Contains("segment", StringComparison.Ordinal) || name is "checkpoint" or "lease").ToArray();
        foreach (var name in names)
        {
            var length = disk.Bytes("log", name).Length;
            for (var offset = 0; offset < length; offset += 1 + (int)(random.NextUInt64() % 5))
            {
                disk.Flip("log", name, offset, 0x10);
                var replay = new CollectingReplay();
                var scan = new LogScan(disk.Folder(), "crash", replay);
                var error = string.Equals(name, "lease", StringComparison.Ordinal) ? Storage.Leases.WriterLease.Read(disk.Folder()).Error : scan.Run();
                if (error is null)
                    model.Check(replay, scan.Through); // The empty group at the end tells nothing; all else is there.
                else
                    found++;
                Assert.True(error is null or { Kind: StorageErrorKind.Corrupt or StorageErrorKind.Foreign }, $"{name} {offset}: {error}");
                Assert.True(error is not null || offset >= length - Storage.Formats.FrameHeader.Length, $"{name} {offset} of {length} was not found.");
                disk.Flip("log", name, offset, 0x10);
            }
        }

        Assert.True(found > 1000);
    }

    [Fact]
    public async Task A_missing_segment_is_found()
    {
        var disk = new SimulatedDisk(6);
        var model = new LogModel();
        var random = new Xoshiro256(6);
        await using (var log = Open(disk, new CollectingReplay()))
        {
            for (var i = 0; i < 40; i++)
                await AppendAsync(log, model, random);
        }

        var names = disk.Folder().List().Where(static name => name.Contains("segment", StringComparison.Ordinal)).ToArray();
        Assert.True(names.Length > 3);
        disk.Folder().Remove(names[1]);
        Assert.Equal(StorageErrorKind.Corrupt, RecordLog.Open(disk.Folder(), s_options, new Xoshiro256(1), new CollectingReplay()).Error.Kind);
        disk.Folder().Remove("lease");
        var error = RecordLog.Open(disk.Folder(), s_options, new Xoshiro256(1), new CollectingReplay()).Error;
        Assert.EndsWith("lease", error.File, StringComparison.Ordinal);
    }

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static RecordLog Open(SimulatedDisk disk, CollectingReplay replay) => RecordLog.Open(disk.Folder(), s_options, new Xoshiro256(9), replay).Value;

    private static LogOptions WithReplica(SimulatedDisk disk) => s_options with { Replica = new ReplicaOptions(disk.Folder("replica"), s_key) };

    /// <summary>One life up to an operation, and what is left of it.</summary>
    private static async Task<SimulatedDisk> LiveUntilAsync(ulong seed, long last)
    {
        var disk = new SimulatedDisk(seed + (ulong)last);
        var model = new LogModel();
        disk.FailPowerAfter(last);
        try
        {
            await WorkAsync(disk, model, new Xoshiro256(seed), steps: 12);
        }
        catch (IOException)
        {
            Assert.NotEqual(long.MaxValue, last);
        }

        disk.Restart();
        Verify(disk, model);
        return disk;
    }

    private static async Task LiveAsync(ulong seed, int lives)
    {
        var disk = new SimulatedDisk(seed);
        var random = new Xoshiro256(seed ^ 0x5eed);
        var model = new LogModel();
        for (var life = 0; life < lives; life++)
        {
            disk.FailPowerAfter(random.NextUInt64() % 4 == 0 ? long.MaxValue : (long)(random.NextUInt64() % 60));
            disk.FailFlushes(0);
            try
            {
                await WorkAsync(disk, model, random, steps: 20, random.NextUInt64() % 3 == 0);
            }
            catch (IOException)
            {
                // The process is gone; what is on the disk is what it is.
            }

            if (random.NextUInt64() % 4 == 0)
                disk.KillProcess();
            else
                disk.Restart();
            Verify(disk, model);
            if (random.NextUInt64() % 3 != 0)
                continue;

            // What opening showed is durable, whatever the flush of the life before came to.
            disk.Restart();
            model.Acknowledge(model.Last);
            Verify(disk, model);
        }
    }

    private static void Verify(SimulatedDisk disk, LogModel model)
    {
        // The replica as the crash left it: it has everything that was acknowledged.
        var copied = new CollectingReplay();
        if (ReplicaReader.Open(disk.Folder("replica"), s_key, "crash").TryGet(out var copy, out var error))
        {
            Assert.Null(copy.Replay(copied));
            model.CheckCopy(copied, copy.Through);
            Assert.True(copy.Through.Value >= model.Acknowledged, $"Batch {model.Acknowledged} was acknowledged, and the replica ends with {copy.Through}.");
        }
        else
        {
            Assert.True(error.Kind == StorageErrorKind.Missing && model.Acknowledged == 0, error.ToString());
        }

        var replay = new CollectingReplay();
        var log = RecordLog.Open(disk.Folder(), WithReplica(disk), new Xoshiro256(model.Last), replay).Value;
        model.Check(replay, log.Recovery.Through);
        disk.KillProcess();
    }

    private static async Task WorkAsync(SimulatedDisk disk, LogModel model, Xoshiro256 random, int steps, bool breaksFlush = false)
    {
        var replay = new CollectingReplay();
        if (!RecordLog.Open(disk.Folder(), WithReplica(disk), new Xoshiro256(random.NextUInt64()), replay).TryGet(out var log, out var error))
        {
            Assert.Equal(StorageErrorKind.Unreadable, error.Kind);
            throw new IOException(error.ToString());
        }

        model.Check(replay, log.Recovery.Through);
        var checkpoint = log.Recovery.CheckpointThrough.Value;
        for (var step = 0; step < steps; step++)
        {
            if (breaksFlush && step == steps / 2)
                disk.FailFlushes(1);
            switch (random.NextUInt64() % 8)
            {
                case 0:
                    var through = model.Last - (random.NextUInt64() % Math.Min(3, model.Last + 1));
                    if (through < checkpoint)
                        break;
                    checkpoint = through;
                    await log.CheckpointAsync(new LogSequence(through), model.Snapshot(through, (int)(random.NextUInt64() % 5)), Cancellation);
                    break;
                case 1 or 2:
                    await AppendManyAsync(log, model, random);
                    break;
                default:
                    await AppendAsync(log, model, random);
                    break;
            }
        }

        if (random.NextUInt64() % 2 == 0)
            await log.DisposeAsync();
    }

    private static async Task AppendAsync(RecordLog log, LogModel model, Xoshiro256 random)
    {
        var batch = LogModel.RandomBatch(random);
        var pending = log.AppendAsync(batch, Cancellation);
        model.Appended(model.Last + 1, batch);
        model.Acknowledge((await pending).Value);
    }

    private static async Task AppendManyAsync(RecordLog log, LogModel model, Xoshiro256 random)
    {
        var commits = new List<LogCommit>();
        for (var i = 0; i < 6; i++)
        {
            var batch = LogModel.RandomBatch(random);
            if (!log.TryAppend(batch, out var commit))
                break;
            model.Appended(commit.Sequence.Value, batch);
            commits.Add(commit);
        }

        foreach (var commit in commits)
        {
            await commit.Durable;
            model.Acknowledge(commit.Sequence.Value);
        }
    }
}
