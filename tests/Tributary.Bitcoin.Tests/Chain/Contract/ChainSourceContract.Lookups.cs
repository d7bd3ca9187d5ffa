using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Chain.Contract;

public abstract partial class ChainSourceContract
{
    [Fact]
    public async Task An_unspent_output_is_found_in_the_mempool_and_in_its_block_and_not_once_it_is_spent()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var coinbase = (await Source.GetUnspentAsync(coin.OutPoint, Cancellation)).Value;
        Assert.True(coinbase.IsCoinbase);
        Assert.NotNull(coinbase.Height);

        var transaction = coin.Pay(fee: 1000);
        var outPoint = transaction.OutPointOf(0);
        var expected = new UnspentOutput(outPoint, transaction.Output(0), null, IsCoinbase: false);
        await BroadcastAsync(transaction);
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetUnspentAsync(coin.OutPoint, Cancellation)).Error.Kind);
        Assert.Equal(expected, (await Source.GetUnspentAsync(outPoint, Cancellation)).Value);

        var tip = await Driver.MineAsync(1, Cancellation);
        await Driver.MineAsync(2, Cancellation);
        Assert.Equal(expected with { Height = tip.Height }, (await Source.GetUnspentAsync(outPoint, Cancellation)).Value);
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetUnspentAsync(new OutPoint(transaction.TxId, 1), Cancellation)).Error.Kind);
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetUnspentAsync(new OutPoint(default, 0), Cancellation)).Error.Kind);
    }

    [Fact]
    public async Task A_spender_is_nobody_then_in_the_mempool_then_in_a_block_and_again_in_the_mempool()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        Assert.Equal(new Outspend(null, -1, null), (await Source.GetOutspendAsync(coin.OutPoint, null, Cancellation)).Value);

        var other = await Driver.CoinAsync(Cancellation);
        var spender = Transaction.Create(2, [other.Input(), coin.Input()], [new TxOut(coin.Value, Spendable.Script)]);
        await BroadcastAsync(spender);
        Assert.Equal(new Outspend(spender, 1, null), (await Source.GetOutspendAsync(coin.OutPoint, null, Cancellation)).Value);

        var tip = await Driver.MineAsync(1, Cancellation);
        await Driver.MineAsync(3, Cancellation);
        Assert.Equal(new Outspend(spender, 1, tip.Height), (await Source.GetOutspendAsync(coin.OutPoint, null, Cancellation)).Value);
        Assert.Equal(new Outspend(spender, 1, tip.Height), (await Source.GetOutspendAsync(coin.OutPoint, 1, Cancellation)).Value);

        await Driver.InvalidateAsync(tip.Hash, Cancellation);
        Assert.Equal(new Outspend(spender, 1, null), (await Source.GetOutspendAsync(coin.OutPoint, null, Cancellation)).Value);
    }

    [Fact]
    public async Task A_spend_in_the_block_of_the_output_itself_is_found()
    {
        var parent = (await Driver.CoinAsync(Cancellation)).Pay(fee: 1000);
        var child = Spendable.Of(parent).Pay(fee: 1000);
        await BroadcastAsync(parent);
        await BroadcastAsync(child);

        var tip = await Driver.MineAsync(1, Cancellation);

        Assert.Equal(new Outspend(child, 0, tip.Height), (await Source.GetOutspendAsync(parent.OutPointOf(0), null, Cancellation)).Value);
    }

    [Fact]
    public async Task An_output_that_never_was_is_not_found_and_one_that_nobody_can_spend_is_spent_by_nobody()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var transaction = Transaction.Create(
            2,
            [coin.Input()],
            [new TxOut(coin.Value - new Satoshis(1000), Spendable.Script), new TxOut(Satoshis.Zero, StandardScripts.OpReturn("nobody"u8))]);
        await BroadcastAsync(transaction);
        await Driver.MineAsync(1, Cancellation);

        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetOutspendAsync(new OutPoint(default, 7), null, Cancellation)).Error.Kind);
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetOutspendAsync(new OutPoint(transaction.TxId, 2), null, Cancellation)).Error.Kind);
        Assert.Equal(new Outspend(null, -1, null), (await Source.GetOutspendAsync(transaction.OutPointOf(1), null, Cancellation)).Value);
    }
}
