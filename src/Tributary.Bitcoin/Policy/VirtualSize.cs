using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Policy;

/// <summary>The size that fees are measured by: weight in virtual bytes, or more where a transaction has many signature operations.</summary>
public static class VirtualSize
{
    /// <summary>Virtual bytes, rounded up.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="sigOpCost">Its <see cref="Scripts.SigOpCost"/>.</param>
    /// <param name="bytesPerSigOp">Of <see cref="PolicyLimits.BytesPerSigOp"/>.</param>
    public static int Of(Transaction transaction, int sigOpCost, int bytesPerSigOp) =>
        (Math.Max(transaction.Weight, sigOpCost * bytesPerSigOp) + Transaction.WitnessScaleFactor - 1) / Transaction.WitnessScaleFactor;
}
