using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Tests.Chain.Contract;

public abstract partial class ChainSourceContract
{
    private static bool Entered(MempoolEvent one, Transaction transaction) => one is MempoolEvent.Entered entered && entered.Transaction.Equals(transaction);

    private static bool HasLeft(MempoolEvent one, Transaction transaction) => one is MempoolEvent.Left left && left.TxId == transaction.TxId;

    [Fact]
    public async Task Transactions_present_come_first_and_new_ones_as_they_enter()
    {
        var present = (await Driver.CoinAsync(Cancellation)).Pay(fee: 1000);
        var later = (await Driver.CoinAsync(Cancellation)).Pay(fee: 1000);
        await BroadcastAsync(present);
        await using var events = FollowMempool();
        await events.UntilAsync(one => Entered(one, present), Cancellation);

        await BroadcastAsync(later);

        await events.UntilAsync(one => Entered(one, later), Cancellation);
    }

    [Fact]
    public async Task A_replaced_transaction_leaves_and_so_does_what_spends_it()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var first = coin.Pay(fee: 1000);
        var child = Spendable.Of(first).Pay(fee: 1000);
        var better = coin.Pay(fee: 5000);
        await using var events = FollowMempool();
        await BroadcastAsync(first);
        await BroadcastAsync(child);
        await events.UntilAsync(one => Entered(one, child), Cancellation);

        await BroadcastAsync(better);

        var seen = new List<MempoolEvent>();
        while (!(seen.Exists(one => HasLeft(one, first)) && seen.Exists(one => HasLeft(one, child)) && seen.Exists(one => Entered(one, better))))
            seen.Add(await events.NextAsync(Cancellation));
    }

    [Fact]
    public async Task A_confirmed_transaction_does_not_leave_and_comes_back_when_its_block_is_taken_back()
    {
        var transaction = (await Driver.CoinAsync(Cancellation)).Pay(fee: 1000);
        var marker = (await Driver.CoinAsync(Cancellation)).Pay(fee: 1000);
        await using var events = FollowMempool();
        await BroadcastAsync(transaction);
        await events.UntilAsync(one => Entered(one, transaction), Cancellation);

        await Driver.MineAsync(1, Cancellation);
        await BroadcastAsync(marker);
        var seen = await events.UntilAsync(one => Entered(one, marker), Cancellation);
        Assert.DoesNotContain(seen, one => HasLeft(one, transaction));

        await Driver.ReorganiseAsync(1, Cancellation);
        await events.UntilAsync(one => Entered(one, transaction), Cancellation);
        var outspend = (await Source.GetOutspendAsync(transaction.PreviousOutput(0), null, Cancellation)).Value;
        Assert.Equal(transaction, outspend.Spender);
        Assert.Null(outspend.Height);
    }

    [Fact]
    public async Task A_transaction_in_conflict_with_a_block_leaves()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var first = coin.Pay(fee: 1000);
        var second = coin.Pay(fee: 9000);
        await BroadcastAsync(first);
        var tip = await Driver.MineAsync(1, Cancellation);
        await Driver.InvalidateAsync(tip.Hash, Cancellation);
        await using var events = FollowMempool();
        await events.UntilAsync(one => Entered(one, first), Cancellation);
        await BroadcastAsync(second);
        await events.UntilAsync(one => Entered(one, second), Cancellation);

        // The block that holds the first comes back, and the second can no longer be.
        await Driver.ReconsiderAsync(tip.Hash, Cancellation);

        await events.UntilAsync(one => HasLeft(one, second), Cancellation);
    }

    [Fact]
    public async Task A_broadcast_can_be_repeated_before_and_after_the_block_and_after_the_outputs_are_spent()
    {
        var transaction = (await Driver.CoinAsync(Cancellation)).Pay(fee: 1234);

        var first = (await Source.BroadcastAsync(transaction, Cancellation)).Value;
        var again = (await Source.BroadcastAsync(transaction, Cancellation)).Value;
        await Driver.MineAsync(1, Cancellation);
        var confirmed = (await Source.BroadcastAsync(transaction, Cancellation)).Value;
        await BroadcastAsync(Spendable.Of(transaction).Pay(fee: 1000));
        await Driver.MineAsync(1, Cancellation);
        var spent = (await Source.BroadcastAsync(transaction, Cancellation)).Value;

        Assert.Equal(new MempoolVerdict(transaction.TxId, IsAccepted: true, null, new(1234)), first);
        Assert.Equal(first, again);
        Assert.Equal(new MempoolVerdict(transaction.TxId, IsAccepted: true, null, null), confirmed);
        Assert.Equal(confirmed, spent);
    }

    [Fact]
    public async Task A_test_does_not_submit()
    {
        var transaction = (await Driver.CoinAsync(Cancellation)).Pay(fee: 700);

        var verdict = (await Source.TestAcceptAsync(transaction, Cancellation)).Value;

        Assert.Equal(new MempoolVerdict(transaction.TxId, IsAccepted: true, null, new(700)), verdict);
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetUnspentAsync(transaction.OutPointOf(0), Cancellation)).Error.Kind);
    }

    [Fact]
    public async Task A_fee_estimate_is_never_below_what_the_mempool_takes()
    {
        var minimum = (await Source.GetMempoolMinimumAsync(Cancellation)).Value;
        Assert.True(minimum.Value > 0);

        foreach (var target in new[] { 1, 2, 6, 144, 1008, 100_000 })
        {
            // A source without data says so; it never says zero.
            var estimate = await Source.EstimateFeeAsync(target, Cancellation);
            Assert.True(estimate.TryGet(out var feerate, out var error) ? feerate >= minimum : error.Kind == ChainErrorKind.NotAvailable);
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Source.EstimateFeeAsync(0, Cancellation));
    }
}
