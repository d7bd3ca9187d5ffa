using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Segments;

/// <summary>Where a segment stands, before it has operations.</summary>
/// <param name="Rollup">Which rollup.</param>
/// <param name="Number">The place in the chain of segments.</param>
/// <param name="Height">Rollup time.</param>
/// <param name="BlockHash">The Bitcoin block at that height.</param>
/// <param name="Forced">The point in the forced queue before it.</param>
public sealed record SegmentContext(Bytes32 Rollup, ulong Number, uint Height, Bytes32 BlockHash, ForcedQueuePoint Forced);
