using Tributary.Crypto;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Loop;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Testing.Storage;

namespace Tributary.Lightning.Tests.Node.Loop;

public sealed class NodeLoopTests
{
    [Fact]
    public async Task Effects_leave_in_order_and_after_their_records_are_durable()
    {
        using var stop = new CancellationTokenSource();
        await using var log = Open(new MemoryDirectory());
        var loop = new NodeLoop();
        var running = loop.RunAsync(log, static _ => { }, stop.Token);
        var seen = new List<(int Number, ulong Durable)>();
        for (var i = 0; i < 500; i++)
        {
            var number = i;
            loop.Post(turn =>
            {
                turn.Record(EntryKind.Node, default, [1, 2, 3]);
                var before = log.DurableThrough;
                turn.Afterwards(() =>
                {
                    Assert.True(log.DurableThrough > before);
                    seen.Add((number, log.DurableThrough.Value));
                });
            });
        }

        Assert.Equal(42, await loop.AskAsync(static _ => 42).WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(0, 500), seen.Select(static one => one.Number));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task What_machines_hand_to_each_other_shares_the_batch_of_its_cause()
    {
        using var stop = new CancellationTokenSource();
        var folder = new MemoryDirectory();
        await using (var log = Open(folder))
        {
            var loop = new NodeLoop();
            var running = loop.RunAsync(log, static _ => { }, stop.Token);
            await loop.AskAsync(static turn =>
            {
                turn.Record(EntryKind.Node, default, [1]);
                turn.Follow(() => turn.Record(EntryKind.Node, default, [2]));
                return true;
            });
            await stop.CancelAsync();
            await running;
        }

        var replay = new CollectingReplay();
        await using var again = RecordLog.Open(folder, Options(), SystemEntropy.Instance, replay).Value;
        Assert.Equal(2, replay.Records.Count);
        Assert.Single(replay.Records.Select(static item => item.Batch).Distinct());
    }

    [Fact]
    public async Task Records_that_nothing_rests_on_share_the_batch_of_the_next_that_something_does()
    {
        using var stop = new CancellationTokenSource();
        var folder = new MemoryDirectory();
        await using (var log = Open(folder))
        {
            var loop = new NodeLoop();
            var (taken, both) = (new TaskCompletionSource(), new TaskCompletionSource());
            var running = loop.RunAsync(log, static _ => { }, stop.Token);
            loop.Post(turn =>
            {
                turn.Record(EntryKind.Node, default, [1]);
                taken.SetResult();
            });
            await taken.Task.WaitAsync(TestContext.Current.CancellationToken);
            loop.Post(_ => both.SetResult());
            await both.Task.WaitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0UL, log.DurableThrough.Value);

            // An answer rests on everything before it, and the tick on what is left open.
            Assert.True(await loop.AskAsync(static _ => true));
            Assert.Equal(1UL, log.DurableThrough.Value);
            loop.Post(static turn => turn.Record(EntryKind.Node, default, [2]));
            loop.Post(NodeLoop.CloseTurn);
            Assert.True(await loop.AskAsync(static _ => true));
            Assert.Equal(2UL, log.DurableThrough.Value);

            // What is open at the end is written.
            var last = new TaskCompletionSource();
            loop.Post(turn =>
            {
                turn.Record(EntryKind.Node, default, [3]);
                last.SetResult();
            });
            await last.Task.WaitAsync(TestContext.Current.CancellationToken);
            await stop.CancelAsync();
            await running;
        }

        var replay = new CollectingReplay();
        await using var again = RecordLog.Open(folder, Options(), SystemEntropy.Instance, replay).Value;
        Assert.Equal(3, replay.Records.Count);
    }

    [Fact]
    public async Task A_failed_flush_stops_the_loop_and_nothing_leaves()
    {
        var disk = new SimulatedDisk(1);
        await using var log = Open(disk.Folder());
        var loop = new NodeLoop();
        var running = loop.RunAsync(log, static _ => { }, TestContext.Current.CancellationToken);
        Assert.True(await loop.AskAsync(static _ => true));
        disk.FailFlushes(1);
        var left = false;
        loop.Post(turn =>
        {
            turn.Record(EntryKind.Node, default, [1]);
            turn.Afterwards(() => left = true);
        });
        await Assert.ThrowsAsync<StorageStoppedException>(() => running);
        Assert.False(left);

        // Who asks now is told at once.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop.AskAsync(static _ => true));
    }

    private static LogOptions Options() => new() { Purpose = "test/1" };

    private static RecordLog Open(IStorageDirectory folder) => RecordLog.Open(folder, Options(), SystemEntropy.Instance, new CollectingReplay()).Value;
}
