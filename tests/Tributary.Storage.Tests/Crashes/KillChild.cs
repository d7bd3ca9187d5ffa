using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Storage.Replicas;

namespace Tributary.Storage.Tests.Crashes;

/// <summary>
/// The other life of this program: started with a variable set (and <c>--help</c>, so that it runs no tests), it appends to a log until it is
/// killed, and says on its standard output what was acknowledged.
/// </summary>
internal static class KillChild
{
    internal const string FolderVariable = "TRIBUTARY_LOG_KILL_TEST_FOLDER";
    internal const string Acknowledged = "acknowledged ";
    internal const int Writers = 8;

    internal static ReplicaKey Key { get; } = new(new byte[ReplicaKey.Length]);

    [ModuleInitializer]
    internal static void Begin()
    {
        // Nothing of this program runs before its initializer is done, so the work has a thread of its own, which keeps the process alive.
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
            return;
        new Thread(() => LiveAsync(folder).GetAwaiter().GetResult()) { IsBackground = false }.Start();

        // The test runner ends the process some seconds after it has said its help; on a busy machine that comes before the work is done. A child whose
        // test is gone ends all the same.
        var late = new ManualResetEventSlim();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => late.Wait(TimeSpan.FromMinutes(5));
    }

    internal static LogOptions Options(string folder) => new()
    {
        Purpose = "kill",
        SegmentBytes = 20_000,
        Replica = new ReplicaOptions(DiskDirectory.Open(Path.Combine(folder, "replica")), Key),
    };

    internal static RecordLog Open(string folder, KillState state) =>
        RecordLog.Open(DiskDirectory.Open(Path.Combine(folder, "log")), Options(folder), new Xoshiro256((ulong)Environment.ProcessId), state).Value;

    private static async Task LiveAsync(string folder)
    {
        var state = new KillState();
        var log = Open(folder, state);
        await Console.Out.WriteLineAsync("begun");
        var gate = new Lock();
        await Task.WhenAll([.. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))), Task.Run(CheckpointAsync)]);

        async Task WriteAsync(int writer)
        {
            var batch = new LogBatch();
            while (true)
            {
                LogCommit commit;
                ulong number;
                lock (gate)
                {
                    number = state.Next(writer);
                    batch.Clear();
                    batch.Add(KillState.Record(writer, number)).Add(KillState.Record(writer, number));
                    Assert.True(log.TryAppend(batch, out commit));
                    state.Through = commit.Sequence;
                }

                await commit.Durable;
                Console.Out.WriteLine($"{Acknowledged}{writer} {number}");
            }
        }

        async Task CheckpointAsync()
        {
            while (true)
            {
                await Task.Delay(20);
                byte[][] snapshot;
                LogSequence through;
                lock (gate)
                    (snapshot, through) = (state.Snapshot(), state.Through);
                await log.CheckpointAsync(through, snapshot.Select(static record => (ReadOnlyMemory<byte>)record), CancellationToken.None);
            }
        }
    }
}

/// <summary>How far each writer has come, by the log.</summary>
internal sealed class KillState : ILogReplay
{
    private readonly ulong[] _numbers = new ulong[KillChild.Writers];
    private (ulong Batch, int Writer, ulong Number)? _half;

    internal LogSequence Through { get; set; }

    internal ulong this[int writer] => _numbers[writer];

    internal bool IsHalf => _half is not null;

    internal ulong Next(int writer) => ++_numbers[writer];

    internal byte[][] Snapshot() => [.. Enumerable.Range(0, KillChild.Writers).Select(writer => Record(writer, _numbers[writer]))];

    internal static byte[] Record(int writer, ulong number)
    {
        // Long enough that a kill finds writes half done.
        var record = new byte[200];
        BinaryPrimitives.WriteInt32LittleEndian(record, writer);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(4), number);
        return record;
    }

    public string? OnCheckpoint(ReadOnlySpan<byte> record)
    {
        _numbers[BinaryPrimitives.ReadInt32LittleEndian(record)] = BinaryPrimitives.ReadUInt64LittleEndian(record[4..]);
        return null;
    }

    public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record)
    {
        Through = batch;
        var entry = (batch.Value, BinaryPrimitives.ReadInt32LittleEndian(record), BinaryPrimitives.ReadUInt64LittleEndian(record[4..]));
        if (_half is null)
        {
            _half = entry;
            return null;
        }

        if (_half != entry)
            return "half a batch";
        _half = null;
        return Next(entry.Item2) == entry.Item3 ? null : "out of order";
    }
}
