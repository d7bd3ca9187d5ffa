using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Blocks;

/// <summary>The rules on what a block spends: everything that <see cref="BlockChecks"/> leaves, in Bitcoin Core's order and words.</summary>
public static class BlockConnection
{
    /// <summary>Finds an unspent output as of the block's parent, or null. Outputs that can never be spent are none.</summary>
    public delegate SpentOutput? FindOutput(OutPoint outPoint);

    /// <summary>
    /// Null when every spend of a block is allowed, or Bitcoin Core's reject reason. Outputs made earlier in the block can be spent in it.
    /// </summary>
    /// <param name="block">A block that passed <see cref="BlockChecks"/>.</param>
    /// <param name="height">Its height.</param>
    /// <param name="medianTimePast">The median time of its parent and the ten blocks before that, seconds since 1970.</param>
    /// <param name="subsidy">What the block may create (<see cref="BlockSubsidy"/>).</param>
    /// <param name="find">The unspent outputs before it.</param>
    public static string? Check(Block block, int height, long medianTimePast, Satoshis subsidy, FindOutput find)
    {
        var view = new View(find, height, medianTimePast);
        var fees = Satoshis.Zero;
        long sigOpCost = 0;
        foreach (var transaction in block.Transactions)
        {
            var spent = Array.Empty<SpentOutput>();
            if (!transaction.IsCoinbase)
            {
                if (!view.TrySpend(transaction, out spent))
                    return "bad-txns-inputs-missingorspent";
                if (TransactionChecks.CheckAmounts(transaction, spent, height, out var fee) is { } reason)
                    return reason;
                if (!fees.TryAdd(fee, out fees) || !fees.IsInMoneyRange)
                    return "bad-txns-accumulated-fee-outofrange";
                if (!LockTimes.AreRelativeLocksOver(transaction, spent, height, medianTimePast))
                    return "bad-txns-nonfinal";
            }

            sigOpCost += SigOpCost.Of(transaction, spent);
            if (sigOpCost > BlockChecks.SigOpCostMax)
                return "bad-blk-sigops";
            if (CheckScripts(transaction, spent) is { } error)
                return error;
            view.Add(transaction);
        }

        return TransactionChecks.OutputTotal(block.Transactions[0]) > fees + subsidy ? "bad-cb-amount" : null;
    }

    private static string? CheckScripts(Transaction transaction, SpentOutput[] spent)
    {
        if (transaction.IsCoinbase)
            return null;
        var outputs = Array.ConvertAll(spent, static output => output.Output);
        var error = TransactionVerifier.VerifyAll(transaction, outputs, ScriptFlags.Consensus, out _);
        return error == ScriptError.Ok ? null : $"mandatory-script-verify-flag-failed ({error.GetMessage()})";
    }

    /// <summary>The unspent outputs while the block's transactions come one by one.</summary>
    private sealed class View(FindOutput find, int height, long medianTimePast)
    {
        private readonly Dictionary<OutPoint, SpentOutput> _made = [];
        private readonly HashSet<OutPoint> _spent = [];

        internal bool TrySpend(Transaction transaction, out SpentOutput[] spent)
        {
            spent = new SpentOutput[transaction.InputCount];
            for (var i = 0; i < spent.Length; i++)
            {
                var outPoint = transaction.PreviousOutput(i);
                if (!_spent.Add(outPoint))
                    return false;
                if (!_made.TryGetValue(outPoint, out spent[i]))
                {
                    if (find(outPoint) is not { } output)
                        return false;
                    spent[i] = output;
                }
            }

            return true;
        }

        internal void Add(Transaction transaction)
        {
            for (var i = 0; i < transaction.OutputCount; i++)
            {
                var output = transaction.Output(i);
                if (!output.ScriptPubKey.IsUnspendable)
                    _made[transaction.OutPointOf(i)] = new SpentOutput(output, height, transaction.IsCoinbase, (uint)medianTimePast);
            }
        }
    }
}
