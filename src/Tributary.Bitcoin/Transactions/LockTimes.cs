namespace Tributary.Bitcoin.Transactions;

/// <summary>When a transaction may enter a block: absolute lock times, and relative ones (BIP 68) measured by median time past (BIP 113).</summary>
public static class LockTimes
{
    /// <summary>Lock times below are heights, others are seconds since 1970.</summary>
    public const uint Threshold = 500_000_000;

    private const uint DisableFlag = 1u << 31;
    private const uint TimeFlag = 1u << 22;
    private const uint Mask = 0xffff;
    private const int TimeGranularity = 9;

    /// <summary>May a block of this height and time hold it?</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="height">The block's height.</param>
    /// <param name="medianTimePast">The median time of the eleven blocks before it (BIP 113), seconds since 1970.</param>
    public static bool IsFinal(Transaction transaction, int height, long medianTimePast)
    {
        var lockTime = transaction.LockTime;
        if (lockTime == 0 || lockTime < (lockTime < Threshold ? height : medianTimePast))
            return true;

        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (transaction.Sequence(i) != TxIn.Final)
                return false;
        }

        return true;
    }

    /// <summary>Are all relative locks over in a block of this height and time?</summary>
    /// <param name="transaction">The transaction; locks bind from version 2 on.</param>
    /// <param name="spent">What its inputs spend, in their order, with heights and times.</param>
    /// <param name="height">The block's height.</param>
    /// <param name="medianTimePast">The median time of the eleven blocks before it, seconds since 1970.</param>
    public static bool AreRelativeLocksOver(Transaction transaction, ReadOnlySpan<SpentOutput> spent, int height, long medianTimePast)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(spent.Length, transaction.InputCount, nameof(spent));
        for (var i = 0; i < spent.Length && transaction.Version >= 2; i++)
        {
            var sequence = transaction.Sequence(i);
            if ((sequence & DisableFlag) != 0)
                continue;

            var blocksOrUnits = sequence & Mask;
            var isOver = (sequence & TimeFlag) != 0
                ? spent[i].MedianTimePast + ((long)blocksOrUnits << TimeGranularity) <= medianTimePast
                : spent[i].Height + (long)blocksOrUnits <= height;
            if (!isOver)
                return false;
        }

        return true;
    }
}
