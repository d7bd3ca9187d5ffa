using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Scripts;

/// <summary>What a transaction's signature operations cost (BIP 141): four in scripts that are not witnesses, one in those that are.</summary>
public static class SigOpCost
{
    /// <summary>The cost with the scripts that a transaction spends; coinbases spend none.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="spent">What its inputs spend, in their order; empty for a coinbase.</param>
    public static int Of(Transaction transaction, ReadOnlySpan<SpentOutput> spent)
    {
        var cost = CountLegacy(transaction) * Transaction.WitnessScaleFactor;
        if (transaction.IsCoinbase)
            return cost;

        ArgumentOutOfRangeException.ThrowIfNotEqual(spent.Length, transaction.InputCount, nameof(spent));
        for (var i = 0; i < spent.Length; i++)
        {
            var script = spent[i].Output.ScriptPubKey;
            if (script.IsPayToScriptHash)
                cost += SigOps.CountRedeemScript(transaction.ScriptSig(i).Memory) * Transaction.WitnessScaleFactor;
            cost += SigOps.CountWitness(transaction.Input(i), script);
        }

        return cost;
    }

    /// <summary>Operations in the scripts of a transaction itself, a multisig counted as 20.</summary>
    internal static int CountLegacy(Transaction transaction)
    {
        var count = 0;
        for (var i = 0; i < transaction.InputCount; i++)
            count += transaction.ScriptSig(i).CountSigOps(accurate: false);
        for (var i = 0; i < transaction.OutputCount; i++)
            count += transaction.Output(i).ScriptPubKey.CountSigOps(accurate: false);
        return count;
    }
}
