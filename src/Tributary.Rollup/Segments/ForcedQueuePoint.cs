using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Segments;

/// <summary>A point in the queue of operations that are posted on Bitcoin.</summary>
/// <param name="Digest">Of everything queued up to the point.</param>
/// <param name="Cursor">How many have been consumed.</param>
public readonly record struct ForcedQueuePoint(Bytes32 Digest, ulong Cursor);
