using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Chain.Contract;

public abstract partial class ChainSourceContract
{
    private static readonly Satoshis s_thousand = new(1000);

    private async Task RefusesAsync(string reason, Transaction transaction)
    {
        var tested = (await Source.TestAcceptAsync(transaction, Cancellation)).Value;
        Assert.Equal(reason, Driver.CoreReason(tested.RejectReason));
        Assert.False(tested.IsAccepted);
        Assert.Equal(tested, (await Source.BroadcastAsync(transaction, Cancellation)).Value);
    }

    private static TxOut Paying(Spendable coin, long fee) => new(coin.Value - new Satoshis(fee), Spendable.Script);

    [Fact]
    public async Task Malformed_and_nonstandard_transactions_are_refused_with_the_reasons_of_Bitcoin_Core()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        TxOut half = new(new Satoshis(coin.Value.Value / 2), Spendable.Script);
        var carrier = new TxOut(Satoshis.Zero, StandardScripts.OpReturn("data"u8));

        await RefusesAsync("bad-txns-in-belowout", Transaction.Create(2, [coin.Input()], [new TxOut(coin.Value + s_thousand, Spendable.Script)]));
        await RefusesAsync("bad-txns-vout-toolarge", Transaction.Create(2, [coin.Input()], [new TxOut(Satoshis.MaxMoney + s_thousand, Spendable.Script)]));
        await RefusesAsync("bad-txns-vout-negative", Transaction.Create(2, [coin.Input()], [new TxOut(new Satoshis(-1), Spendable.Script)]));
        await RefusesAsync("bad-txns-inputs-duplicate", Transaction.Create(2, [coin.Input(), coin.Input()], [half]));
        await RefusesAsync("bad-txns-prevout-null", Transaction.Create(2, [coin.Input(), new TxIn(OutPoint.Null)], [half]));
        await RefusesAsync("coinbase", Transaction.Create(2, [new TxIn(OutPoint.Null, new Script(new byte[] { 1, 1 }), TxIn.Final, Witness.Empty)], [half]));
        await RefusesAsync("version", coin.Pay(fee: 1000, version: 4));
        await RefusesAsync("version", coin.Pay(fee: 1000, version: 0));
        await RefusesAsync("dust", Transaction.Create(2, [coin.Input()], [half, new TxOut(new Satoshis(329), Spendable.Script)]));
        await RefusesAsync("scriptpubkey", Transaction.Create(2, [coin.Input()], [half, new TxOut(half.Value, new Script(new[] { (byte)Opcode.Op1, (byte)Opcode.Drop }))]));
        await RefusesAsync("scriptpubkey", Transaction.Create(2, [coin.Input()], [half, new TxOut(Satoshis.Zero, StandardScripts.OpReturn(new byte[81]))]));
        await RefusesAsync("multi-op-return", Transaction.Create(2, [coin.Input()], [half, carrier, carrier]));
        await RefusesAsync("tx-size-small", Transaction.Create(2, [coin.Input()], [new TxOut(Satoshis.Zero, new Script(new[] { (byte)Opcode.Return }))]));
        await RefusesAsync("scriptsig-not-pushonly", Transaction.Create(2, [coin.Input() with { ScriptSig = new Script(new[] { (byte)Opcode.Nop }) }], [half]));
        await RefusesAsync("bad-witness-nonstandard", Transaction.Create(2, [coin.Input() with { Witness = Witness.Of([.. Enumerable.Repeat<byte[]>([], 101), Spendable.WitnessScript]) }], [half]));
    }

    [Fact]
    public async Task Spends_that_may_not_be_yet_or_any_more_are_refused()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var payment = (await Driver.CoinAsync(Cancellation)).Pay(fee: 1000);
        var fresh = Spendable.Of(payment);
        await BroadcastAsync(payment);
        var tip = await Driver.MineAsync(2, Cancellation);
        var young = Spendable.Of((await Source.GetBlockAsync(tip.Hash, Cancellation)).Value.Transactions[0]);
        var parent = coin.Pay(fee: 1000);

        await RefusesAsync("bad-txns-premature-spend-of-coinbase", young.Pay(fee: 1000));
        await RefusesAsync("missing-inputs", Spendable.Of(parent).Pay(fee: 1000));
        await RefusesAsync("non-final", coin.Pay(fee: 1000, lockTime: (uint)tip.Height + 1));
        await RefusesAsync("non-BIP68-final", fresh.Pay(fee: 1000, sequence: 3));
        await RefusesAsync("non-BIP68-final", fresh.Pay(fee: 1000, sequence: (1 << 22) | 1));
        await BroadcastAsync(fresh.Pay(fee: 1000, sequence: 2));
        await BroadcastAsync(coin.Pay(fee: 1000, lockTime: (uint)tip.Height, sequence: 10));
        await BroadcastAsync(Spendable.Of(coin.Pay(fee: 1000, lockTime: (uint)tip.Height, sequence: 10)).Pay(fee: 1000, sequence: 0));
        Assert.Equal("missing-inputs", (await Source.TestAcceptAsync(Spendable.Of(parent).Pay(fee: 900), Cancellation)).Value.RejectReason);
    }

    [Fact]
    public async Task What_is_there_already_is_refused_by_a_test_only()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var transaction = coin.Pay(fee: 1000);
        await BroadcastAsync(transaction);

        Assert.Equal("txn-already-in-mempool", (await Source.TestAcceptAsync(transaction, Cancellation)).Value.RejectReason);
        await Driver.MineAsync(1, Cancellation);
        Assert.Equal("txn-already-known", (await Source.TestAcceptAsync(transaction, Cancellation)).Value.RejectReason);
    }

    [Fact]
    public async Task Scripts_that_fail_are_refused_with_the_error_in_words()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        TxOut output = Paying(coin, 1000);

        var wrong = (await Source.TestAcceptAsync(Transaction.Create(2, [coin.Input() with { Witness = Witness.Of([[(byte)Opcode.Op2]]) }], [output]), Cancellation)).Value;
        var extra = (await Source.TestAcceptAsync(Transaction.Create(2, [coin.Input() with { Witness = Witness.Of([[1], Spendable.WitnessScript]) }], [output]), Cancellation)).Value;

        Assert.EndsWith("(Witness program hash mismatch)", wrong.RejectReason, StringComparison.Ordinal);
        Assert.EndsWith("(Stack size must be exactly one after execution)", extra.RejectReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_small_a_fee_is_refused_and_the_smallest_that_is_enough_is_taken()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var minimum = (await Source.GetMempoolMinimumAsync(Cancellation)).Value;
        var least = minimum.FeeFor(coin.Pay(fee: 1000).VirtualSize).Value;

        await RefusesAsync("min relay fee not met", coin.Pay(fee: least - 1));
        await BroadcastAsync(coin.Pay(fee: least));
    }

    [Fact]
    public async Task A_replacement_pays_more_than_what_it_replaces_and_for_itself()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var other = await Driver.CoinAsync(Cancellation);
        var first = coin.Pay(fee: 2000, sequence: TxIn.Final);
        await BroadcastAsync(first);
        await BroadcastAsync(Spendable.Of(first).Pay(fee: 3000));
        await BroadcastAsync(other.Pay(fee: 1000));
        var size = first.VirtualSize;
        var step = (await Source.GetMempoolMinimumAsync(Cancellation)).Value.FeeFor(size).Value;

        await RefusesAsync("insufficient fee", coin.Pay(fee: 1999));
        await RefusesAsync("insufficient fee", coin.Pay(fee: 2000, sequence: 7));
        await RefusesAsync("insufficient fee", coin.Pay(fee: 5000 + step - 1));
        await RefusesAsync("replacement-adds-unconfirmed", Transaction.Create(2, [coin.Input(), Spendable.Of(other.Pay(fee: 1000)).Input()], [Paying(coin, 9000)]));
        await RefusesAsync("bad-txns-spends-conflicting-tx", Transaction.Create(2, [coin.Input(), Spendable.Of(first).Input()], [Paying(coin, 9000)]));
        await BroadcastAsync(coin.Pay(fee: 5000 + step));
    }

    [Fact]
    public async Task A_chain_of_twenty_five_is_full_and_one_small_child_of_its_root_more_is_carved_out()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var root = coin.Split(3, fee: 2000);
        await BroadcastAsync(root);
        var last = Spendable.Of(root);
        for (var i = 1; i < 25; i++)
        {
            var next = last.Pay(fee: 1000);
            await BroadcastAsync(next);
            last = Spendable.Of(next);
        }

        await RefusesAsync("too-long-mempool-chain", last.Pay(fee: 1000));
        await RefusesAsync("too-long-mempool-chain", Transaction.Create(2, [Spendable.Of(root, 1).Input(), last.Input()], [Paying(last, 1000)]));
        await BroadcastAsync(Spendable.Of(root, 1).Pay(fee: 1000));
        await RefusesAsync("too-long-mempool-chain", Spendable.Of(root, 2).Pay(fee: 1000));

        await Driver.MineAsync(1, Cancellation);
        await BroadcastAsync(Spendable.Of(root, 2).Pay(fee: 1000));
    }

    [Fact]
    public async Task Transactions_of_version_3_keep_to_one_parent_and_one_child()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var other = await Driver.CoinAsync(Cancellation);
        var parent = coin.Split(2, fee: 1000, version: 3);
        var plain = other.Split(2, fee: 1000);
        await BroadcastAsync(parent);
        await BroadcastAsync(plain);
        var child = Spendable.Of(parent).Pay(fee: 1000, version: 3);

        await RefusesAsync("TRUC-violation", Spendable.Of(parent).Pay(fee: 1000));
        await RefusesAsync("TRUC-violation", Spendable.Of(plain).Pay(fee: 1000, version: 3));
        await BroadcastAsync(child);
        await RefusesAsync("TRUC-violation", Spendable.Of(child).Pay(fee: 1000, version: 3));

        // A sibling takes the one place by the rules of replacement.
        await RefusesAsync("insufficient fee (including sibling eviction)", Spendable.Of(parent, 1).Pay(fee: 1000, version: 3));
        await BroadcastAsync(Spendable.Of(parent, 1).Pay(fee: 3000, version: 3));
        Assert.Equal(new Outspend(null, -1, null), (await Source.GetOutspendAsync(parent.OutPointOf(0), null, Cancellation)).Value);
    }

    [Fact]
    public async Task Dust_is_taken_only_without_a_fee_and_never_alone()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        TxOut anchor = new(Satoshis.Zero, StandardScripts.P2a);

        await RefusesAsync("dust", Transaction.Create(3, [coin.Input()], [Paying(coin, 1000), anchor]));
        await RefusesAsync("min relay fee not met", Transaction.Create(3, [coin.Input()], [Paying(coin, 0), anchor]));
        await RefusesAsync("dust", Transaction.Create(3, [coin.Input()], [Paying(coin, 0), anchor, anchor]));
    }
}
