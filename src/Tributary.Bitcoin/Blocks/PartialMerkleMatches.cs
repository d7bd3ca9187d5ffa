using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Blocks;

/// <summary>What a partial Merkle tree proves, if its root is the one of a block that one believes in.</summary>
public sealed record PartialMerkleMatches(Bytes32 Root, IReadOnlyList<PartialMerkleMatch> Matches);
