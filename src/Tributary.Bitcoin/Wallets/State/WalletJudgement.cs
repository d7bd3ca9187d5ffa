using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.State;

/// <summary>What follows from a state: which transactions count, which outputs are spent, and what may be trusted.</summary>
internal sealed class WalletJudgement(WalletState state)
{
    /// <summary>Confirmations after which a coinbase output is spent: one more than consensus asks for, as Bitcoin Core's wallet has it.</summary>
    internal const int CoinbaseMaturity = 101;

    private readonly Dictionary<TxId, bool> _dead = [];
    private readonly Dictionary<TxId, bool> _trusted = [];

    /// <summary>Can it never be in a block of this chain: given up, in conflict with a block, or the child of one that is?</summary>
    internal bool IsDead(TransactionEntry entry)
    {
        if (entry.IsConfirmed)
            return false;
        if (_dead.TryGetValue(entry.TxId, out var known))
            return known;

        // Entered first: no chain of parents leads back to its start, and if one did it would end here.
        _dead[entry.TxId] = true;
        var isDead = entry.IsAbandoned || entry.Conflict is not null || entry.Transaction.IsCoinbase;
        for (var i = 0; !isDead && i < entry.Transaction.InputCount; i++)
            isDead = state.Transactions.TryGetValue(entry.Transaction.PreviousOutput(i).TxId, out var parent) && IsDead(parent);
        return _dead[entry.TxId] = isDead;
    }

    /// <summary>Does it stand for what it spends? Of the wallet's own, the newest replacement does, be it in the mempool yet or not.</summary>
    internal bool IsActive(TransactionEntry entry)
    {
        if (entry.IsConfirmed)
            return true;
        if (IsDead(entry))
            return false;
        return entry.IsInMempool || (entry.IsOwn && entry.ReplacedBy is null);
    }

    /// <summary>The transaction that spends an output, or null.</summary>
    internal TransactionEntry? Spender(OutPoint outPoint)
    {
        TransactionEntry? spender = null;
        foreach (var candidate in state.Spenders(outPoint))
        {
            if (IsActive(candidate) && (spender is null || candidate.IsConfirmed || (!spender.IsConfirmed && candidate.Order > spender.Order)))
                spender = candidate;
        }

        return spender;
    }

    /// <summary>Unconfirmed, in the mempool, and made of nothing but the wallet's own coins that are trusted too: nobody else can undo it.</summary>
    internal bool IsTrusted(TransactionEntry entry)
    {
        if (entry.IsConfirmed)
            return true;
        if (_trusted.TryGetValue(entry.TxId, out var known))
            return known;

        _trusted[entry.TxId] = false;
        var isTrusted = entry.IsInMempool && IsActive(entry);
        for (var i = 0; isTrusted && i < entry.Transaction.InputCount; i++)
            isTrusted = state.Outputs.TryGetValue(entry.Transaction.PreviousOutput(i), out var spent) && IsTrusted(spent.Parent);
        return _trusted[entry.TxId] = isTrusted;
    }

    /// <summary>Confirmations at the wallet's tip; 0 outside of blocks.</summary>
    internal int Confirmations(TransactionEntry entry) => entry.Block is { } block ? state.Tip.Height - block.Height + 1 : 0;

    /// <summary>A coinbase output that is too young to be spent.</summary>
    internal bool IsImmature(OutputEntry output) => output.Parent.Transaction.IsCoinbase && Confirmations(output.Parent) < CoinbaseMaturity;

    /// <summary>Outputs that pay the wallet and that nothing spends, of transactions that count.</summary>
    internal IEnumerable<OutputEntry> Unspent() =>
        state.Outputs.Values.Where(output => (output.Parent.IsConfirmed || (output.Parent.IsInMempool && IsActive(output.Parent))) && Spender(output.OutPoint) is null);

    /// <summary>The fee, where all inputs are the wallet's or it was told.</summary>
    internal Satoshis? Fee(TransactionEntry entry)
    {
        if (entry.Fee is { } told)
            return told;

        var sum = Satoshis.Zero;
        for (var i = 0; i < entry.Transaction.InputCount; i++)
        {
            if (!state.Outputs.TryGetValue(entry.Transaction.PreviousOutput(i), out var spent))
                return null;
            sum += spent.Output.Value;
        }

        return entry.Transaction.Outputs.Aggregate(sum, static (left, output) => left - output.Value);
    }

    /// <summary>Unconfirmed transactions of the wallet that must be in a block before this one.</summary>
    internal IReadOnlyCollection<TransactionEntry> UnconfirmedAncestors(TransactionEntry entry)
    {
        var found = new Dictionary<TxId, TransactionEntry>();
        var queue = new Queue<TransactionEntry>([entry]);
        while (queue.TryDequeue(out var next))
        {
            for (var i = 0; i < next.Transaction.InputCount; i++)
            {
                if (state.Transactions.TryGetValue(next.Transaction.PreviousOutput(i).TxId, out var parent) && !parent.IsConfirmed && found.TryAdd(parent.TxId, parent))
                    queue.Enqueue(parent);
            }
        }

        return found.Values;
    }

    /// <summary>Unconfirmed transactions of the wallet that spend from this one, directly or not, and count.</summary>
    internal IReadOnlyCollection<TransactionEntry> UnconfirmedDescendants(TransactionEntry entry)
    {
        var found = new Dictionary<TxId, TransactionEntry>();
        var queue = new Queue<TransactionEntry>([entry]);
        while (queue.TryDequeue(out var next))
        {
            for (var i = 0; i < next.Transaction.OutputCount; i++)
            {
                foreach (var child in state.Spenders(next.Transaction.OutPointOf(i)))
                {
                    if (!child.IsConfirmed && IsActive(child) && found.TryAdd(child.TxId, child))
                        queue.Enqueue(child);
                }
            }
        }

        return found.Values;
    }
}
