using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Transactions;

/// <summary>The rules of consensus that a transaction must keep whatever it spends and whenever, in Bitcoin Core's order and words.</summary>
public static class TransactionChecks
{
    /// <summary>The most weight that a block has (BIP 141).</summary>
    public const int BlockWeightMax = 4_000_000;

    private const int FewInputs = 16;

    /// <summary>Null when all rules are kept, or Bitcoin Core's reject reason ("bad-txns-vout-negative").</summary>
    public static string? Check(Transaction transaction)
    {
        if (transaction.InputCount == 0)
            return "bad-txns-vin-empty";
        if (transaction.OutputCount == 0)
            return "bad-txns-vout-empty";

        // Without witnesses: those may still be changed by anyone who relays it.
        if ((long)transaction.BaseSize * Transaction.WitnessScaleFactor > BlockWeightMax)
            return "bad-txns-oversize";
        return CheckOutputs(transaction) ?? CheckInputs(transaction);
    }

    /// <summary>The sum of the outputs of a transaction that passed <see cref="Check"/>.</summary>
    public static Satoshis OutputTotal(Transaction transaction)
    {
        var total = Satoshis.Zero;
        for (var i = 0; i < transaction.OutputCount; i++)
            total += transaction.OutputValue(i);
        return total;
    }

    /// <summary>
    /// What a transaction may take from what it spends: coinbases are mature, amounts are in range, and outputs are not more than inputs.
    /// </summary>
    /// <param name="transaction">One that passed <see cref="Check"/> and is no coinbase.</param>
    /// <param name="spent">What its inputs spend, in their order.</param>
    /// <param name="spendHeight">The height of the block that holds it, or would.</param>
    /// <param name="fee">What is left for the miner.</param>
    public static string? CheckAmounts(Transaction transaction, ReadOnlySpan<SpentOutput> spent, int spendHeight, out Satoshis fee)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(spent.Length, transaction.InputCount, nameof(spent));
        fee = Satoshis.Zero;
        var total = Satoshis.Zero;
        foreach (ref readonly var output in spent)
        {
            if (output.IsCoinbase && spendHeight - output.Height < SpentOutput.CoinbaseMaturity)
                return "bad-txns-premature-spend-of-coinbase";
            if (!output.Output.Value.IsInMoneyRange || !total.TryAdd(output.Output.Value, out total) || !total.IsInMoneyRange)
                return "bad-txns-inputvalues-outofrange";
        }

        fee = total - OutputTotal(transaction);
        return fee < Satoshis.Zero ? "bad-txns-in-belowout" : null;
    }

    private static string? CheckOutputs(Transaction transaction)
    {
        var total = Satoshis.Zero;
        for (var i = 0; i < transaction.OutputCount; i++)
        {
            var value = transaction.OutputValue(i);
            if (value < Satoshis.Zero)
                return "bad-txns-vout-negative";
            if (value > Satoshis.MaxMoney)
                return "bad-txns-vout-toolarge";
            total += value;
            if (!total.IsInMoneyRange)
                return "bad-txns-txouttotal-toolarge";
        }

        return null;
    }

    private static string? CheckInputs(Transaction transaction)
    {
        // CVE-2018-17144: nothing later would notice that an output is spent twice.
        if (HasDuplicateInputs(transaction))
            return "bad-txns-inputs-duplicate";
        if (transaction.IsCoinbase)
            return transaction.ScriptSig(0).Length is < 2 or > 100 ? "bad-cb-length" : null;

        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (transaction.PreviousOutput(i).IsNull)
                return "bad-txns-prevout-null";
        }

        return null;
    }

    private static bool HasDuplicateInputs(Transaction transaction)
    {
        var count = transaction.InputCount;
        if (count <= FewInputs)
        {
            for (var i = 1; i < count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    if (transaction.PreviousOutputBytes(i).SequenceEqual(transaction.PreviousOutputBytes(j)))
                        return true;
                }
            }

            return false;
        }

        var seen = new HashSet<OutPoint>(count);
        for (var i = 0; i < count; i++)
        {
            if (!seen.Add(transaction.PreviousOutput(i)))
                return true;
        }

        return false;
    }
}
