using System.Text;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Backups;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Storage.Replicas;
using Tributary.Testing.Storage;

namespace Tributary.Storage.Tests.Replicas;

public sealed class ReplicaTests
{
    private static readonly ReplicaKey s_key = new("0123456789abcdef0123456789abcdef"u8);

    private readonly SimulatedDisk _first = new(1);
    private readonly SimulatedDisk _second = new(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replica_holds_each_commit_and_says_how_far_it_goes()
    {
        await using var log = Open();
        for (var i = 1; i <= 5; i++)
        {
            await log.AppendAsync(Batch($"secret {i}"), Cancellation);
            var copy = ReplicaReader.Open(_second.Folder(), s_key, "test").Value;
            Assert.Equal((log.Id, log.Generation, (ulong)i, CopyOrigin.Replica), (copy.Log, copy.Generation, copy.Through.Value, copy.Origin));
        }

        Assert.Equal(5, Read().Records.Count);
        foreach (var name in _second.Folder().List())
            Assert.False(Encoding.Latin1.GetString(Bytes(_second, name)).Contains("secret", StringComparison.Ordinal), name);
    }

    [Fact]
    public async Task A_checkpoint_reaches_the_replica()
    {
        await using (var log = Open())
        {
            for (var i = 0; i < 50; i++)
                await log.AppendAsync(Batch($"{i}"), Cancellation);
            await log.CheckpointAsync(new LogSequence(50), ["sum"u8.ToArray()], Cancellation);
            await log.AppendAsync(Batch("after"), Cancellation);
        }

        var copy = Read();
        Assert.Equal("sum", Encoding.UTF8.GetString(Assert.Single(copy.Checkpoint)));
        Assert.Equal("after", Encoding.UTF8.GetString(Assert.Single(copy.Records).Record));
        Assert.Equal(2, _second.Folder().List().Count(static name => name.EndsWith(".enc", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Another_key_reads_nothing_and_writes_nothing()
    {
        await using (var log = Open())
            await log.AppendAsync(Batch("x"), Cancellation);
        var other = new ReplicaKey(new byte[ReplicaKey.Length]);
        Assert.Equal(StorageErrorKind.WrongKey, ReplicaReader.Open(_second.Folder(), other, "test").Error.Kind);
        var options = Options() with { Replica = new ReplicaOptions(_second.Folder(), other) };
        Assert.Equal(StorageErrorKind.WrongKey, RecordLog.Open(_first.Folder(), options, new Xoshiro256(1), new CollectingReplay()).Error.Kind);
        Assert.Single(Read().Records);
    }

    [Fact]
    public async Task The_replica_of_another_log_is_not_touched()
    {
        await using (var log = Open())
            await log.AppendAsync(Batch("x"), Cancellation);
        var error = RecordLog.Open(new MemoryDirectory(), Options(), new Xoshiro256(77), new CollectingReplay()).Error;
        Assert.Equal(StorageErrorKind.Foreign, error.Kind);
        Assert.Single(Read().Records);
    }

    [Fact]
    public async Task A_lost_replica_stops_the_log_where_a_commit_is_both()
    {
        await using var log = Open();
        await log.AppendAsync(Batch("x"), Cancellation);
        _second.FailFlushes(1);
        await Assert.ThrowsAsync<StorageStoppedException>(async () => await log.AppendAsync(Batch("y"), Cancellation));
        Assert.Contains("replica", (await log.Fatal).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_replica_raises_an_alarm_where_the_log_may_go_on_and_is_brought_up_to_date_later()
    {
        await using (var log = Open(ReplicaLoss.Degrades))
        {
            await log.AppendAsync(Batch("a"), Cancellation);
            Assert.False(log.ReplicaLost.IsCompleted);
            _second.FailFlushes(1);
            await log.AppendAsync(Batch("b"), Cancellation);
            Assert.Contains("Input/output", (await log.ReplicaLost).Message, StringComparison.Ordinal);
            for (var i = 0; i < 20; i++)
                await log.AppendAsync(Batch("c"), Cancellation);
            Assert.False(log.Fatal.IsCompleted);
        }

        await using (var log = Open(ReplicaLoss.Degrades))
            Assert.False(log.ReplicaLost.IsCompleted);
        _second.Restart();
        Assert.Equal(22, Read().Records.Count);
    }

    [Fact]
    public async Task A_log_that_was_set_back_is_refused_by_its_replica()
    {
        await using (var log = Open())
            await log.AppendAsync(Batch("old"), Cancellation);
        var before = _first.Folder().List().ToDictionary(static name => name, name => Bytes(_first, name), StringComparer.Ordinal);
        await using (var log = Open())
        {
            await log.AppendAsync(Batch("new"), Cancellation);
            await log.AppendAsync(Batch("newer"), Cancellation);
        }

        var old = new MemoryDirectory();
        foreach (var (name, bytes) in before)
            old.Create(name).Write(0, bytes);
        var error = RecordLog.Open(old, Options(), new Xoshiro256(1), new CollectingReplay()).Error;
        Assert.Equal(StorageErrorKind.Corrupt, error.Kind);
        Assert.Contains("set back", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_group_that_is_damaged_comes_back_from_the_replica()
    {
        var log = Open();
        await log.AppendAsync(Batch("first"), Cancellation);
        await log.AppendAsync(Batch("last"), Cancellation);
        _first.KillProcess();
        _second.KillProcess();
        var segment = _first.Folder().List().Single(static name => name.StartsWith("segment", StringComparison.Ordinal));
        _first.Flip("log", segment, Bytes(_first, segment).Length - 1, 1);

        var replay = new CollectingReplay();
        await using var again = RecordLog.Open(_first.Folder(), Options(), new Xoshiro256(4), replay).Value;
        Assert.Equal("first last", string.Join(' ', replay.Texts));
    }

    [Fact]
    public async Task Damage_in_a_replica_is_found_wherever_it_is()
    {
        await using (var log = Open())
        {
            for (var i = 0; i < 6; i++)
                await log.AppendAsync(Batch($"record {i}"), Cancellation);
        }

        foreach (var name in _second.Folder().List().Where(static name => name.EndsWith(".enc", StringComparison.Ordinal)))
        {
            for (var offset = 0; offset < Bytes(_second, name).Length; offset += 3)
            {
                _second.Flip("log", name, offset, 2);
                if (ReplicaReader.Open(_second.Folder(), s_key, "test").TryGet(out var copy, out _))
                {
                    // What is left is the beginning, and says that it is no more.
                    var replay = new CollectingReplay();
                    Assert.Null(copy.Replay(replay));
                    Assert.Equal(Enumerable.Range(0, replay.Records.Count).Select(static i => $"record {i}").ToArray(), replay.Texts);
                    Assert.Equal((ulong)replay.Records.Count, copy.Through.Value);
                }

                _second.Flip("log", name, offset, 2);
            }
        }
    }

    [Fact]
    public async Task No_two_files_share_a_key()
    {
        for (var i = 0; i < 5; i++)
        {
            await using var log = Open(entropySeed: (ulong)i + 1);
            await log.AppendAsync(Batch("the same"), Cancellation);
        }

        var salts = _second.Folder().List().Where(static name => name.EndsWith(".enc", StringComparison.Ordinal))
            .Select(name => Convert.ToHexString(Bytes(_second, name).AsSpan(40, 32))).ToArray();
        Assert.Equal(5, salts.Length);
        Assert.Equal(5, salts.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_replica_is_restored_as_a_copy_and_never_as_the_log()
    {
        await using (var log = Open())
        {
            for (var i = 0; i < 30; i++)
                await log.AppendAsync(Batch($"{i}"), Cancellation);
        }

        var target = new MemoryDirectory();
        var from = ReplicaReader.Open(_second.Folder(), s_key, "test").Value.Restore(target, TimeProvider.System);
        Assert.Equal((CopyOrigin.Replica, 30UL), (from.Origin, from.Through.Value));
        var options = Options() with { Replica = null };
        Assert.Equal(StorageErrorKind.StaleCopy, RecordLog.Open(target, options, new Xoshiro256(5), new CollectingReplay()).Error.Kind);
        var replay = new CollectingReplay();
        await using var restored = RestoredLog.Open(target, options, new Xoshiro256(5), replay).Value;
        Assert.Equal(from, restored.From);
        Assert.Equal(30, replay.Records.Count);
    }

    private static byte[] Bytes(SimulatedDisk disk, string name) => disk.Bytes("log", name);

    private static LogBatch Batch(string record) => new LogBatch().Add(Encoding.UTF8.GetBytes(record));

    private LogOptions Options(ReplicaLoss whenLost = ReplicaLoss.Stops) =>
        new() { Purpose = "test", SegmentBytes = 1000, Replica = new ReplicaOptions(_second.Folder(), s_key, whenLost) };

    private RecordLog Open(ReplicaLoss whenLost = ReplicaLoss.Stops, ulong entropySeed = 1) =>
        RecordLog.Open(_first.Folder(), Options(whenLost), new Xoshiro256(entropySeed), new CollectingReplay()).Value;

    private CollectingReplay Read()
    {
        var replay = new CollectingReplay();
        Assert.Null(ReplicaReader.Open(_second.Folder(), s_key, "test").Value.Replay(replay));
        return replay;
    }
}
