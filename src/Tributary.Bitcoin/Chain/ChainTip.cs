using Tributary.Bitcoin.Blocks;

namespace Tributary.Bitcoin.Chain;

/// <summary>A block on a chain by height and hash; genesis has height 0.</summary>
public readonly record struct ChainTip(int Height, BlockHash Hash);
