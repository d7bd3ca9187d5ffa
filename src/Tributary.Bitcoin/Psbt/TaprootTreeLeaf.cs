using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Psbt;

/// <summary>A leaf of the tree behind a taproot output, in depth-first order (BIP 371).</summary>
public readonly record struct TaprootTreeLeaf(byte Depth, byte LeafVersion, Script Script);
