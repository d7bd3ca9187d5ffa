using System.Threading.Channels;
using Tributary.Lightning.Gossip;

namespace Tributary.Lightning.Node.Graph;

/// <summary>Checks signatures of gossip beside everything else: a batch at a time, by half of the cores, so that channels keep theirs.</summary>
internal sealed class VerifyQueue(TaskScheduler scheduler, Action<IReadOnlyList<(GossipWork Work, bool IsGood)>> done)
{
    private const int BatchMax = 64;

    private readonly Channel<GossipWork> _work = Channel.CreateUnbounded<GossipWork>();
    private int _count;

    /// <summary>Messages that wait or are being checked.</summary>
    internal int Count => Volatile.Read(ref _count);

    internal void Add(GossipWork work)
    {
        Interlocked.Increment(ref _count);
        _work.Writer.TryWrite(work);
    }

    internal Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(
            _ => Task.Factory.StartNew(() => CheckAsync(cancellationToken), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap()));

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        while (await _work.Reader.WaitToReadAsync(cancellationToken))
        {
            var batch = new List<(GossipWork, bool)>();
            while (batch.Count < BatchMax && _work.Reader.TryRead(out var work))
                batch.Add((work, work.Verify()));
            Interlocked.Add(ref _count, -batch.Count);
            if (batch.Count > 0)
                done(batch);
        }
    }
}
