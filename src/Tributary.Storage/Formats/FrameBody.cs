using System.Buffers.Binary;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Formats;

/// <summary>Takes the body of a frame apart: batches, each a count of records in four bytes and the records behind their CompactSize.</summary>
internal static class FrameBody
{
    /// <summary>Hands the records of all batches behind <paramref name="after"/> over; returns why that cannot be, or null.</summary>
    internal static string? Deliver(in FrameHeader header, ReadOnlySpan<byte> body, LogSequence after, ulong segment, long bodyOffset, ILogReplay? replay)
    {
        var reader = new SpanReader(body);
        for (var batch = 0; batch < header.Batches; batch++)
        {
            if (!reader.TryReadInt32LittleEndian(out var records))
                return "a group is shorter than its batches";
            var sequence = new LogSequence(header.First.Value + (uint)batch);
            for (var index = 0; index < records; index++)
            {
                if (!reader.TryReadCompactSizeBytes(out var record))
                    return $"batch {sequence} is shorter than its records";
                var location = new RecordLocation(segment, bodyOffset + reader.Position - record.Length, record.Length);
                if (replay is not null && sequence > after && replay.OnRecord(sequence, location, record) is { } problem)
                    return $"batch {sequence} cannot be: {problem}";
            }
        }

        return reader.IsAtEnd ? null : "a group is longer than its batches";
    }

    /// <summary>A frame of one batch: what a checkpoint is made of.</summary>
    internal static byte[] Single(LogBatch batch)
    {
        var bytes = new byte[FrameHeader.Length + sizeof(int) + batch.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(FrameHeader.Length), batch.Count);
        batch.Encoded.CopyTo(bytes.AsSpan(FrameHeader.Length + sizeof(int)));
        return bytes;
    }
}
