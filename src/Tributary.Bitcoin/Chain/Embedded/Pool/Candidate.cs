using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>A transaction on its way into the mempool, with what was found out about it so far.</summary>
internal sealed class Candidate(Transaction transaction)
{
    internal Transaction Transaction { get; } = transaction;

    /// <summary>What its inputs spend, in their order.</summary>
    internal SpentOutput[] Spent { get; set; } = [];

    internal Satoshis Fee { get; set; }

    internal int VirtualSize { get; set; }

    /// <summary>Entries of the mempool that it spends.</summary>
    internal HashSet<PoolEntry> Parents { get; set; } = [];

    /// <summary>Entries of the mempool that it depends on.</summary>
    internal HashSet<PoolEntry> Ancestors { get; set; } = [];

    /// <summary>Entries that have to go for it: those that spend the same, and a sibling that it evicts (BIP 431).</summary>
    internal HashSet<PoolEntry> Conflicts { get; set; } = [];

    /// <summary>One of <see cref="Conflicts"/> is a sibling that shares no input with it.</summary>
    internal bool EvictsSibling { get; set; }

    internal FeeratePerKvB Feerate => FeeratePerKvB.Of(Fee, VirtualSize);

    internal PoolEntry ToEntry(long now) => new(Transaction, Fee, VirtualSize, Scripts.SigOpCost.Of(Transaction, Spent), now);
}
