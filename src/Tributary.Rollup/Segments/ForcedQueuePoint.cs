using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;

namespace Tributary.Rollup.Segments;

/// <summary>A point in the queue of operations that are posted on Bitcoin.</summary>
/// <param name="Digest">Of everything queued up to the point.</param>
/// <param name="Cursor">How many have been consumed.</param>
public readonly record struct ForcedQueuePoint(Bytes32 Digest, ulong Cursor)
{
    /// <summary>The point behind the next post.</summary>
    public ForcedQueuePoint After(ForcedPost post) => new(ForcedPost.Append(Digest, post.Height, post.Operation.Span), Cursor + 1);
}
