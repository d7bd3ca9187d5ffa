using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Anchoring;

/// <summary>
/// An operation that somebody posted on Bitcoin for a rollup. It is due <see cref="DueBlocks"/> blocks after its own: a batch that reaches
/// beyond and leaves it out is invalid. What it says is judged when it is consumed, not here: garbage is consumed too, and changes nothing.
/// </summary>
/// <param name="Number">Its place in the queue, from 0: by height, then by transaction and input in the block.</param>
/// <param name="Height">The block's height.</param>
/// <param name="Operation">The signed operation as posted.</param>
/// <param name="Digest">The digest of the queue up to and with it.</param>
public sealed record ForcedPost(ulong Number, int Height, ReadOnlyMemory<byte> Operation, Bytes32 Digest)
{
    /// <summary>Blocks that the sequencer has.</summary>
    public const int DueBlocks = 144;

    /// <summary>The longest operation with its signature; a longer post is none.</summary>
    public const int OperationLengthMax = 8_192;

    private static readonly TaggedHasher s_queue = new("Tributary/ForcedQueue"u8);

    /// <summary>The queue's digest before anything was posted.</summary>
    public static Bytes32 EmptyQueue => default;

    /// <summary>The height at which a batch may no longer leave it out.</summary>
    public int DueHeight => Height + DueBlocks;

    /// <summary>The payload of an envelope for a rollup.</summary>
    public static byte[] Payload(Bytes32 rollup, ReadOnlySpan<byte> operation) => [.. rollup.Span, .. operation];

    /// <summary>The queue's digest with one more post.</summary>
    public static Bytes32 Append(Bytes32 queue, int height, ReadOnlySpan<byte> operation)
    {
        var writer = new ByteWriter(Bytes32.Length + sizeof(int) + operation.Length);
        writer.WriteBytes32(queue);
        writer.WriteInt32LittleEndian(height);
        writer.WriteBytes(operation);
        return s_queue.Hash(writer.WrittenSpan);
    }

    public bool Equals(ForcedPost? other) =>
        other is not null && Number == other.Number && Height == other.Height && Digest == other.Digest && Operation.Span.SequenceEqual(other.Operation.Span);

    public override int GetHashCode() => HashCode.Combine(Number, Height, Digest);
}
