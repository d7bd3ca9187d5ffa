using Tributary.Primitives.Bytes;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;
using Tributary.Storage.Leases;

namespace Tributary.Storage.Logs;

/// <summary>Writes a snapshot beside the log and makes it the log's beginning in one step.</summary>
internal static class CheckpointFile
{
    private const int FrameBytes = 1 << 20;
    private const string Unfinished = LogFiles.Checkpoint + LogFiles.Unfinished;

    /// <summary>Writes, flushes and renames; returns the bytes of the file. It is durable, and the old one is gone, when the call returns.</summary>
    internal static async ValueTask<long> WriteAsync(
        IStorageDirectory directory, WriterLease lease, FileHeader header, IEnumerable<ReadOnlyMemory<byte>> snapshot, CancellationToken cancellationToken)
    {
        directory.Remove(Unfinished);
        long position;
        using (var file = directory.Create(Unfinished))
        {
            position = Write(file, header, snapshot, cancellationToken);
            await file.FlushAsync(cancellationToken);
            await Task.Yield(); // Off the thread of the disk: what follows may copy the whole file.
        }

        lease.Check();
        directory.Rename(Unfinished, LogFiles.Checkpoint);
        directory.Sync();
        return position;
    }

    private static long Write(IStorageFile file, FileHeader header, IEnumerable<ReadOnlyMemory<byte>> snapshot, CancellationToken cancellationToken)
    {
        file.Write(0, header.ToBytes());
        var (position, sequence, chain) = ((long)FileHeader.Length, 1UL, header.Chain);
        var batch = new LogBatch();
        foreach (var record in snapshot)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Add(record.Span);
            if (batch.Length >= FrameBytes)
                WriteFrame(1);
        }

        if (batch.Count > 0)
            WriteFrame(1);
        WriteFrame(0);
        return position;

        void WriteFrame(int batches)
        {
            var frame = batches == 0 ? new byte[FrameHeader.Length] : FrameBody.Single(batch);
            var body = frame.AsSpan(FrameHeader.Length);
            chain = new FrameHeader(body.Length, header.Generation, new LogSequence(sequence), default, batches, chain, Crc32C.Of(body))
                .Write(frame, header.Log, header.Number, position);
            file.Write(position, frame);
            position += frame.Length;
            sequence += (uint)batches;
            batch.Clear();
        }
    }
}
