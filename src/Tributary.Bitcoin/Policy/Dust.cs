using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Policy;

/// <summary>
/// Outputs that cost more to spend than they are worth. A transaction may have one if it pays no fee at all and its child in the same
/// package spends it ("ephemeral dust").
/// </summary>
public static class Dust
{
    /// <summary>Dust outputs that a transaction may have.</summary>
    public const int OutputsMax = 1;

    // An input: outpoint, script length, sequence, and a signature with its key, which a witness discounts.
    private const int SpendBytes = 32 + 4 + 1 + 107 + 4;
    private const int WitnessSpendBytes = 32 + 4 + 1 + (107 / Transaction.WitnessScaleFactor) + 4;

    /// <summary>The least amount that is not dust: 546 satoshis for P2PKH, 294 for P2WPKH, 330 for P2TR, 240 for pay to anchor.</summary>
    public static Satoshis Threshold(in TxOut output, FeeratePerKvB dustFeerate)
    {
        var script = output.ScriptPubKey;
        if (script.IsUnspendable)
            return Satoshis.Zero;

        var size = sizeof(long) + CompactSizeLength(script.Length) + script.Length;
        return dustFeerate.FeeFor(size + (script.IsWitnessProgram(out _, out _) ? WitnessSpendBytes : SpendBytes));
    }

    /// <summary>Is an output worth less than that?</summary>
    public static bool IsDust(in TxOut output, FeeratePerKvB dustFeerate) => output.Value < Threshold(output, dustFeerate);

    /// <summary>How many dust outputs a transaction has.</summary>
    public static int Count(Transaction transaction, FeeratePerKvB dustFeerate)
    {
        var count = 0;
        for (var i = 0; i < transaction.OutputCount; i++)
            count += IsDust(transaction.Output(i), dustFeerate) ? 1 : 0;
        return count;
    }

    /// <summary>
    /// The transaction of a package that spends some output of a parent and leaves the parent's dust unspent ("missing-ephemeral-spends"),
    /// or null.
    /// </summary>
    /// <param name="package">Parents before children.</param>
    /// <param name="dustFeerate">What dust is.</param>
    /// <param name="findUnconfirmed">A transaction in the mempool, or null.</param>
    public static Transaction? FindMissingSpend(
        IReadOnlyList<Transaction> package, FeeratePerKvB dustFeerate, Func<TxId, Transaction?> findUnconfirmed)
    {
        var inPackage = new Dictionary<TxId, Transaction>();
        foreach (var transaction in package)
            inPackage[transaction.TxId] = transaction;

        foreach (var transaction in package)
        {
            var spent = new HashSet<OutPoint>();
            var parents = new HashSet<TxId>();
            for (var i = 0; i < transaction.InputCount; i++)
            {
                spent.Add(transaction.PreviousOutput(i));
                parents.Add(transaction.PreviousOutput(i).TxId);
            }

            foreach (var id in parents)
            {
                var parent = inPackage.GetValueOrDefault(id) ?? findUnconfirmed(id);
                for (var i = 0; i < (parent?.OutputCount ?? 0); i++)
                {
                    if (IsDust(parent!.Output(i), dustFeerate) && !spent.Contains(parent.OutPointOf(i)))
                        return transaction;
                }
            }
        }

        return null;
    }

    private static int CompactSizeLength(int value) => value switch
    {
        < 0xfd => 1,
        <= ushort.MaxValue => 3,
        _ => 5,
    };
}
