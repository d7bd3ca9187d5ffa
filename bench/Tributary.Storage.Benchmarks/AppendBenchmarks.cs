using BenchmarkDotNet.Attributes;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Storage.Replicas;

namespace Tributary.Storage.Benchmarks;

/// <summary>
/// Batches of one record of 200 bytes, each writer waiting for its own before it appends the next; time per batch, so its inverse is batches a
/// second over all writers. The flush is a wait of the given length; the bytes go to a file of the temporary folder.
/// </summary>
[MemoryDiagnoser]
[IterationCount(5)]
[WarmupCount(2)]
public class AppendBenchmarks
{
    private const int Batches = 2_000;
    private const int RecordBytes = 200;

    private readonly byte[] _record = new byte[RecordBytes];
    private string _folder = "";
    private RecordLog _log = null!;

    /// <summary>Milliseconds of a flush.</summary>
    [Params(0.08, 1, 4)]
    public double FlushMs { get; set; }

    [Params(1, 10, 100)]
    public int Writers { get; set; }

    /// <summary>With an encrypted replica, whose flush takes as long.</summary>
    [Params(false, true)]
    public bool Replica { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("tributary-bench-").FullName;
        var flush = TimeSpan.FromMilliseconds(FlushMs);
        var directory = new DelayedDirectory(DiskDirectory.Open(Path.Combine(_folder, "log")), flush);
        var replica = new ReplicaOptions(new DelayedDirectory(DiskDirectory.Open(Path.Combine(_folder, "replica")), flush), new ReplicaKey(new byte[ReplicaKey.Length]));
        _log = RecordLog.Open(directory, new LogOptions { Purpose = "bench", Replica = Replica ? replica : null }, new Xoshiro256(1), new Ignore()).Value;
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Batches)]
    public Task AppendAsync() => Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync)));

    private async Task WriteAsync()
    {
        var batch = new LogBatch().Add(_record);
        for (var i = Batches / Writers; i > 0; i--)
            await _log.AppendAsync(batch, CancellationToken.None);
    }

    private sealed class Ignore : ILogReplay
    {
        public string? OnCheckpoint(ReadOnlySpan<byte> record) => null;

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record) => null;
    }
}
