using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Transactions;

public sealed class LockTimesTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, true)]
    [InlineData(100, 0, 100, 0, false)]
    [InlineData(100, 0, 101, 0, true)]
    [InlineData(100, TxIn.Final, 1, 0, true)]
    [InlineData(500_000_000, 0, 999_999_999, 500_000_000, false)]
    [InlineData(500_000_000, 0, 1, 500_000_001, true)]
    [InlineData(499_999_999, 0, 499_999_999, long.MaxValue, false)]
    public void A_lock_time_is_a_height_or_a_time_and_the_last_that_is_too_early(uint lockTime, uint sequence, int height, long time, bool isFinal)
    {
        var transaction = Transaction.Create(2, [new TxIn(default, sequence)], [new TxOut(new Satoshis(1), default)], lockTime);

        Assert.Equal(isFinal, LockTimes.IsFinal(transaction, height, time));
    }

    [Theory]
    [InlineData(2, 10, 90, 99, false)]
    [InlineData(2, 10, 90, 100, true)]
    [InlineData(1, 10, 90, 91, true)]
    [InlineData(0xffff_ffff, 10, 90, 99, false)]
    [InlineData(2, 0x8000_0000 | 10, 90, 91, true)]
    [InlineData(2, 0x0001_0000 | 10, 90, 100, true)]
    public void A_relative_lock_by_height_counts_from_the_block_of_the_output(uint version, uint sequence, int coin, int height, bool isOver)
    {
        var transaction = Transaction.Create(version, [new TxIn(default, sequence)], [new TxOut(new Satoshis(1), default)]);

        Assert.Equal(isOver, LockTimes.AreRelativeLocksOver(transaction, [new SpentOutput(default, coin, IsCoinbase: false)], height, 0));
    }

    [Theory]
    [InlineData(1000, 1000 + (3 * 512) - 1, false)]
    [InlineData(1000, 1000 + (3 * 512), true)]
    public void A_relative_lock_by_time_counts_512_seconds_a_step(uint coinTime, long time, bool isOver)
    {
        var transaction = Transaction.Create(2, [new TxIn(default, (1u << 22) | 3)], [new TxOut(new Satoshis(1), default)]);
        var spent = new SpentOutput(default, 1, IsCoinbase: false, coinTime);

        Assert.Equal(isOver, LockTimes.AreRelativeLocksOver(transaction, [spent], 2, time));
    }
}
