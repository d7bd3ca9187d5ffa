using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>A transaction in the mempool, with its place among the others.</summary>
internal sealed class PoolEntry(Transaction transaction, Satoshis fee, int virtualSize, int sigOpCost, long enteredAt)
{
    internal Transaction Transaction { get; } = transaction;

    internal TxId TxId => Transaction.TxId;

    internal Satoshis Fee { get; } = fee;

    /// <summary>Virtual bytes as policy counts them: many signature operations make a transaction larger.</summary>
    internal int VirtualSize { get; } = virtualSize;

    internal int SigOpCost { get; } = sigOpCost;

    /// <summary>Seconds since 1970.</summary>
    internal long EnteredAt { get; } = enteredAt;

    internal FeeratePerKvB Feerate => FeeratePerKvB.Of(Fee, VirtualSize);

    /// <summary>Transactions of the mempool whose outputs it spends.</summary>
    internal HashSet<PoolEntry> Parents { get; } = [];

    /// <summary>Transactions of the mempool that spend its outputs.</summary>
    internal HashSet<PoolEntry> Children { get; } = [];

    /// <summary>Everything in the mempool that it depends on, itself left out.</summary>
    internal HashSet<PoolEntry> Ancestors() => Closure(Parents, static entry => entry.Parents);

    /// <summary>Everything in the mempool that depends on it, itself left out.</summary>
    internal HashSet<PoolEntry> Descendants() => Closure(Children, static entry => entry.Children);

    /// <summary>These entries and all that they lead to.</summary>
    internal static HashSet<PoolEntry> Closure(IEnumerable<PoolEntry> from, Func<PoolEntry, IEnumerable<PoolEntry>> next)
    {
        var found = new HashSet<PoolEntry>();
        var open = new Stack<PoolEntry>(from);
        while (open.TryPop(out var entry))
        {
            if (!found.Add(entry))
                continue;
            foreach (var further in next(entry))
                open.Push(further);
        }

        return found;
    }

    /// <summary>The entry as policy looks at it.</summary>
    internal UnconfirmedTransaction ToUnconfirmed() =>
        new(Transaction, Fee, VirtualSize, Ancestors().Count + 1, [.. Descendants().Select(static entry => entry.ToUnconfirmedWithoutDescendants())]);

    private UnconfirmedTransaction ToUnconfirmedWithoutDescendants() => new(Transaction, Fee, VirtualSize, Ancestors().Count + 1, []);

    public override string ToString() => Transaction.ToString();
}
