using Tributary.Primitives.Randomness;
using Tributary.Storage.Backups;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Testing.Storage;

namespace Tributary.Storage.Tests.Backups;

/// <summary>A copy made beside the process that writes.</summary>
public sealed class LogSnapshotTests : IDisposable
{
    private const string Purpose = "test";
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-snapshot-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_log_is_copied_whole_while_it_is_written_and_checkpointed_and_the_copy_is_known_as_one()
    {
        var source = DiskDirectory.Open(Path.Combine(_folder, "log"));
        var log = RecordLog.Open(source, Options, new Xoshiro256(1), new CollectingReplay()).Value;
        await using (log)
        {
            using var stop = new CancellationTokenSource();

            // Until its first batch is on disk the folder holds no log.
            await log.AppendAsync(Batch(0), Token);
            var writing = WriteAsync(log, stop.Token);
            for (var copy = 0; copy < 10; copy++)
            {
                var durable = log.DurableThrough;
                var target = DiskDirectory.Open(Path.Combine(_folder, $"copy{copy}"));
                var from = LogSnapshot.Create(source, target, TimeProvider.System).Value;
                Assert.True(from.Through >= durable, $"The copy ends at {from.Through}; {durable} was durable before.");
                Assert.Equal(StorageErrorKind.StaleCopy, RecordLog.Open(target, Options, new Xoshiro256(1), new CollectingReplay()).Error.Kind);
                Assert.True(StaleLog.OpenBackup(target, Purpose).Value.Through >= from.Through);
            }

            await stop.CancelAsync();
            await writing;
        }

        var last = DiskDirectory.Open(Path.Combine(_folder, "last"));
        var end = LogSnapshot.Create(source, last, TimeProvider.System).Value;
        LogSnapshot.Unmark(last);
        await using var opened = RecordLog.Open(last, Options, new Xoshiro256(1), new CollectingReplay()).Value;
        Assert.True(opened.DurableThrough >= end.Through);
    }

    [Fact]
    public void A_folder_without_a_log_gives_none()
    {
        var target = DiskDirectory.Open(Path.Combine(_folder, "target"));
        Assert.Equal(StorageErrorKind.Missing, LogSnapshot.Create(DiskDirectory.Open(Path.Combine(_folder, "empty")), target, TimeProvider.System).Error.Kind);
        Assert.Empty(target.List());
    }

    private static LogOptions Options => new() { Purpose = Purpose };

    private static LogBatch Batch(int number)
    {
        var batch = new LogBatch();
        batch.Add(BitConverter.GetBytes(number));
        return batch;
    }

    private static async Task WriteAsync(RecordLog log, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await log.AppendAsync(Batch(i), Token);
            if (i % 50 == 49)
                await log.CheckpointAsync(log.DurableThrough, [new byte[] { 1 }], Token);
        }
    }
}
