using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>What a taproot input carries through its verification (BIP 341, BIP 342).</summary>
internal struct TapscriptState
{
    /// <summary>What every executed signature check takes from the budget.</summary>
    internal const int WeightPerSignature = 50;

    /// <summary>What the budget has beyond the size of the witness.</summary>
    internal const int WeightOffset = 50;

    /// <summary>The annex with its 0x50, or nothing.</summary>
    internal ReadOnlyMemory<byte> Annex;

    /// <summary>The leaf that runs; null on the key path.</summary>
    internal Bytes32? LeafHash;

    /// <summary>How much signature checking the witness's size still pays for.</summary>
    internal long ValidationWeightLeft;

    /// <summary>The place, counted in operations, of the last executed OP_CODESEPARATOR.</summary>
    internal uint CodeSeparatorPosition;
}
