using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>
/// The unspent outputs of the active chain, what spent the others, and how to go back. Blocks are applied and undone here after they were
/// checked; one thread at a time.
/// </summary>
internal sealed class CoinSet
{
    private readonly Dictionary<OutPoint, SpentOutput> _unspent = [];
    private readonly Dictionary<OutPoint, Spend> _spends = [];
    private readonly HashSet<OutPoint> _unspendable = [];

    /// <summary>Nothing but the genesis block, whose output was never added to the set and so can't be spent.</summary>
    internal CoinSet() => _unspendable.Add(RegtestRules.Genesis.Transactions[0].OutPointOf(0));

    internal bool TryGet(OutPoint outPoint, out SpentOutput coin) => _unspent.TryGetValue(outPoint, out coin);

    /// <summary>For the checks on a block.</summary>
    internal SpentOutput? Find(OutPoint outPoint) => _unspent.TryGetValue(outPoint, out var coin) ? coin : null;

    /// <summary>Where a spent output of the active chain was spent.</summary>
    internal bool TryGetSpend(OutPoint outPoint, out Spend spend) => _spends.TryGetValue(outPoint, out spend);

    /// <summary>True for an output of the active chain that can never be spent and so is not kept.</summary>
    internal bool IsUnspendable(OutPoint outPoint) => _unspendable.Contains(outPoint);

    /// <summary>True for an output that a block of the active chain made, spent or not.</summary>
    internal bool IsConfirmed(OutPoint outPoint) => _unspent.ContainsKey(outPoint) || _spends.ContainsKey(outPoint) || _unspendable.Contains(outPoint);

    /// <summary>True where an output of the transaction is unspent: it may not be made again (BIP 30).</summary>
    internal bool HasOutputOf(Transaction transaction)
    {
        for (var i = 0; i < transaction.OutputCount; i++)
        {
            if (_unspent.ContainsKey(transaction.OutPointOf(i)))
                return true;
        }

        return false;
    }

    /// <summary>Applies a block whose spends are all there.</summary>
    internal void Apply(BlockNode node, Block block)
    {
        var medianTimePast = node.Parent?.MedianTimePast ?? 0;
        for (var i = 0; i < block.Transactions.Length; i++)
        {
            var transaction = block.Transactions[i];
            for (var input = 0; !transaction.IsCoinbase && input < transaction.InputCount; input++)
            {
                var outPoint = transaction.PreviousOutput(input);
                if (!_unspent.Remove(outPoint, out var coin))
                    throw new InvalidOperationException($"Block {node.Hash} spends {outPoint}, which is not there.");
                _spends.Add(outPoint, new Spend(node, i, input, coin));
            }

            for (var output = 0; output < transaction.OutputCount; output++)
            {
                var outPoint = transaction.OutPointOf(output);
                var made = transaction.Output(output);
                if (made.ScriptPubKey.IsUnspendable)
                    _unspendable.Add(outPoint);
                else
                    // A copy of the script: the coin must not keep the whole block in memory.
                    _unspent[outPoint] = new SpentOutput(made with { ScriptPubKey = new Script(made.ScriptPubKey.ToArray()) }, node.Height, transaction.IsCoinbase, medianTimePast);
            }
        }
    }

    /// <summary>Undoes the block that was applied last.</summary>
    internal void Undo(Block block)
    {
        for (var i = block.Transactions.Length - 1; i >= 0; i--)
        {
            var transaction = block.Transactions[i];
            for (var output = 0; output < transaction.OutputCount; output++)
            {
                var outPoint = transaction.OutPointOf(output);
                _unspent.Remove(outPoint);
                _unspendable.Remove(outPoint);
            }

            for (var input = 0; !transaction.IsCoinbase && input < transaction.InputCount; input++)
            {
                var outPoint = transaction.PreviousOutput(input);
                _spends.Remove(outPoint, out var spend);
                _unspent[outPoint] = spend.Coin;
            }
        }
    }

    /// <summary>A spend in a block, and what it took.</summary>
    /// <param name="Block">The block.</param>
    /// <param name="Transaction">The spender's place in it.</param>
    /// <param name="Input">The input's place in the spender.</param>
    /// <param name="Coin">The output that was spent.</param>
    internal readonly record struct Spend(BlockNode Block, int Transaction, int Input, SpentOutput Coin);
}
