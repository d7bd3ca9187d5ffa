namespace Tributary.Bitcoin.Chain.Embedded.Store;

/// <summary>What a record of the chain's log says. Numbers are part of the file's format.</summary>
internal enum LogRecordKind : byte
{
    /// <summary>A block, on the active chain or not: its serialization.</summary>
    Block = 1,

    /// <summary>A block and all after it are not to be used: a hash.</summary>
    Failed = 2,

    /// <summary>A block, those before and those after it may be used again: a hash.</summary>
    Reconsidered = 3,

    /// <summary>The active chain now ends in this block: a hash.</summary>
    Tip = 4,

    /// <summary>A transaction entered the mempool: seconds since 1970 in eight bytes, and its serialization.</summary>
    Entered = 5,

    /// <summary>A transaction left the mempool other than by a block: its id.</summary>
    Left = 6,
}
