using System.Buffers;
using System.Buffers.Binary;
using Tributary.Storage.Formats;

namespace Tributary.Storage.Logs;

/// <summary>
/// Batches that go to disk with one write and one flush, in the bytes of their frame. All of them stand under one checksum: nobody was told of
/// any before the flush, so a crash may take all or leave all.
/// </summary>
internal sealed class CommitGroup(LogSequence first, bool continuesInline)
{
    private readonly TaskCompletionSource _durable = new(continuesInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _length = FrameHeader.Length;

    /// <summary>Number of the first batch.</summary>
    internal LogSequence First => first;

    internal int Batches { get; private set; }

    internal int BodyLength => _length - FrameHeader.Length;

    /// <summary>Header, not filled in yet, and body.</summary>
    internal Span<byte> Frame => _buffer.AsSpan(0, _length);

    /// <summary>The same, to be kept until the group completes.</summary>
    internal ReadOnlyMemory<byte> FrameMemory => _buffer.AsMemory(0, _length);

    internal ReadOnlySpan<byte> Body => _buffer.AsSpan(FrameHeader.Length, BodyLength);

    internal Task Durable => _durable.Task;

    /// <summary>The segment it was written to.</summary>
    internal ulong Segment { get; private set; }

    /// <summary>Where its body begins there.</summary>
    internal long BodyOffset { get; private set; }

    /// <summary>Adds a batch behind the others; returns where its encoded records begin in the body.</summary>
    internal int Add(ReadOnlySpan<byte> records, int count)
    {
        Reserve(records.Length + sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_length), count);
        var offset = BodyLength + sizeof(int);
        records.CopyTo(_buffer.AsSpan(_length + sizeof(int)));
        _length += sizeof(int) + records.Length;
        Batches++;
        return offset;
    }

    /// <summary>Notes where the frame was written.</summary>
    internal void Place(ulong segment, long frameOffset) => (Segment, BodyOffset) = (segment, frameOffset + FrameHeader.Length);

    /// <summary>Tells everyone who waits, and gives the bytes back.</summary>
    internal void Complete(Exception? failure)
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        ArrayPool<byte>.Shared.Return(buffer);
        if (failure is null)
        {
            _durable.SetResult();
            return;
        }

        _durable.SetException(failure);
        _ = _durable.Task.Exception; // Whoever does not wait learns it from the log's own task.
    }

    private void Reserve(int count)
    {
        var needed = checked(_length + count);
        if (needed <= _buffer.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, _buffer.Length * 2L)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
