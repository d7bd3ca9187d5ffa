using Tributary.Proofs.Air;

namespace Tributary.Rollup.Proving;

/// <summary>The buses of the rollup's machine (docs/rollup/air.md, section 3).</summary>
internal static class RollupBuses
{
    /// <summary>Integers below 2¹⁶.</summary>
    public static readonly Bus Range = new(0, 1, "range");

    /// <summary>Compressions at width 16: input (16), digest (8).</summary>
    public static readonly Bus Narrow = new(1, 24, "narrow");

    /// <summary>Compressions at width 24: input (24), digest (8).</summary>
    public static readonly Bus Wide = new(2, 32, "wide");

    /// <summary>Ends of chains: signature, chain, digit, parameter (5), index (2), end (8).</summary>
    public static readonly Bus Ends = new(3, 18, "ends");

    /// <summary>What is signed: signature, index (2), message (8).</summary>
    public static readonly Bus Signed = new(4, 11, "signed");

    /// <summary>Which key signs: signature, log2 of its one-time keys, whether the index is its last, root (8).</summary>
    public static readonly Bus Keys = new(5, 11, "keys");

    /// <summary>Cells of the state: tag, account, slot, block and blocks, elements (16), time.</summary>
    public static readonly Bus Memory = new(6, 21, "memory");

    /// <summary>Changes of balances: time, account, slot, whether it is a debit, amount (8).</summary>
    public static readonly Bus Moves = new(7, 12, "moves");

    /// <summary>Nodes of the state tree: levels left above and within an account, account, slot, digest before (8) and after (8).</summary>
    public static readonly Bus Nodes = new(8, 20, "nodes");

    /// <summary>What the statement asks for: the fields of <see cref="Segments.Instruction"/>.</summary>
    public static readonly Bus Instructions = new(9, Segments.Instruction.Elements, "instructions");

    /// <summary>Cells that the statement shows: time, tag, account, slot, block and blocks, elements before (16) and after (16).</summary>
    public static readonly Bus Cells = new(10, 37, "cells");
}
