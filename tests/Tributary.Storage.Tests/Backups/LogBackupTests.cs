using System.Text;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Backups;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Testing.Storage;

namespace Tributary.Storage.Tests.Backups;

public sealed class LogBackupTests
{
    private static readonly LogOptions s_options = new() { Purpose = "test", SegmentBytes = 2000 };

    private readonly MemoryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_of_a_log_in_use_is_a_beginning_of_it_that_is_whole()
    {
        await using var log = Open();
        await log.AppendAsync(new LogBatch().Add("1a"u8).Add("1b"u8), Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 2; !stop.IsCancellationRequested; i++)
                {
                    await log.AppendAsync(new LogBatch().Add(Encoding.UTF8.GetBytes($"{i}a")).Add(Encoding.UTF8.GetBytes($"{i}b")), CancellationToken.None);
                    if (i % 50 == 0)
                        await log.CheckpointAsync(new LogSequence((ulong)i), [Encoding.UTF8.GetBytes($"{i}")], CancellationToken.None);
                }
            },
            Cancellation);
        for (var round = 0; round < 10; round++)
        {
            var target = new MemoryDirectory();
            var acknowledged = log.DurableThrough;
            var from = await LogBackup.CreateAsync(log, target, TimeProvider.System, Cancellation);
            Assert.True(from.Through >= acknowledged);
            var copy = StaleLog.OpenBackup(target, "test").Value;
            Assert.Equal((from.Log, from.Through, CopyOrigin.Backup), (copy.Log, copy.Through, copy.Origin));
            var replay = new CollectingReplay();
            Assert.Null(copy.Replay(replay));
            var first = replay.Checkpoint.Count == 0 ? 0 : int.Parse(Encoding.UTF8.GetString(replay.Checkpoint[0]));
            var expected = Enumerable.Range(first + 1, (int)from.Through.Value - first).SelectMany(static i => new[] { $"{i}a", $"{i}b" }).ToArray();
            Assert.Equal(expected, replay.Texts);
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_restored_backup_opens_only_as_what_it_is_for_ever()
    {
        var target = new MemoryDirectory();
        RestoredFrom from;
        await using (var log = Open())
        {
            await log.AppendAsync(new LogBatch().Add("x"u8), Cancellation);
            from = await LogBackup.CreateAsync(log, target, TimeProvider.System, Cancellation);
            Assert.Equal(StorageErrorKind.Foreign, RestoredLog.Open(new MemoryDirectory(), s_options, new Xoshiro256(1), new CollectingReplay()).Error.Kind);
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(StorageErrorKind.StaleCopy, RecordLog.Open(target, s_options, new Xoshiro256(1), new CollectingReplay()).Error.Kind);
            await using var restored = RestoredLog.Open(target, s_options, new Xoshiro256(1), new CollectingReplay()).Value;
            Assert.Equal(from, restored.From);
            Assert.True(restored.Log.Generation > from.Generation);
            await restored.Log.AppendAsync(new LogBatch().Add("swept"u8), Cancellation);
        }

        Assert.Equal(StorageErrorKind.Foreign, RestoredLog.Open(_directory, s_options, new Xoshiro256(1), new CollectingReplay()).Error.Kind);
    }

    [Fact]
    public async Task A_backup_that_lost_its_end_is_refused()
    {
        var target = new MemoryDirectory();
        await using (var log = Open())
        {
            for (var i = 0; i < 50; i++)
                await log.AppendAsync(new LogBatch().Add(new byte[100]), Cancellation);
            await LogBackup.CreateAsync(log, target, TimeProvider.System, Cancellation);
        }

        target.Remove(target.List().Last(static name => name.StartsWith("segment", StringComparison.Ordinal)));
        Assert.Equal(StorageErrorKind.Corrupt, StaleLog.OpenBackup(target, "test").Error.Kind);
        Assert.Equal(StorageErrorKind.Corrupt, RestoredLog.Open(target, s_options, new Xoshiro256(1), new CollectingReplay()).Error.Kind);
        Assert.Equal(StorageErrorKind.StaleCopy, RecordLog.Open(target, s_options, new Xoshiro256(1), new CollectingReplay()).Error.Kind);
    }

    [Fact]
    public async Task A_backup_goes_into_an_empty_folder_only()
    {
        await using var log = Open();
        await log.AppendAsync(new LogBatch().Add("x"u8), Cancellation);
        await Assert.ThrowsAsync<IOException>(async () => await LogBackup.CreateAsync(log, _directory, TimeProvider.System, Cancellation));
        Assert.False(log.Fatal.IsCompleted);
    }

    [Fact]
    public async Task A_backup_that_was_cut_short_at_any_step_is_no_log()
    {
        for (var last = 0; last < 40; last++)
        {
            await using var log = RecordLog.Open(new MemoryDirectory(), s_options, new Xoshiro256(1), new CollectingReplay()).Value;
            for (var i = 0; i < 40; i++)
                await log.AppendAsync(new LogBatch().Add(new byte[100]), Cancellation);
            var disk = new SimulatedDisk((ulong)last);
            disk.FailPowerAfter(last);
            try
            {
                await LogBackup.CreateAsync(log, disk.Folder(), TimeProvider.System, Cancellation);
            }
            catch (IOException)
            {
                disk.Restart();
                if (disk.Folder().List().Any(static name => name.StartsWith("segment", StringComparison.Ordinal)))
                    Assert.Equal(StorageErrorKind.StaleCopy, RecordLog.Open(disk.Folder(), s_options, new Xoshiro256(1), new CollectingReplay()).Error.Kind);
            }
        }
    }

    private RecordLog Open() => RecordLog.Open(_directory, s_options, new Xoshiro256(1), new CollectingReplay()).Value;
}
