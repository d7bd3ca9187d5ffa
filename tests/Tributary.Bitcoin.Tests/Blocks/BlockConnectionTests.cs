using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Transactions;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Blocks;

public sealed class BlockConnectionTests
{
    private static readonly Script s_anyone = new(new byte[] { 0x51 });
    private static readonly Satoshis s_subsidy = new(50 * Satoshis.PerBitcoin);

    [Fact]
    public void A_signed_spend_connects_and_its_fee_may_be_taken()
    {
        var (transaction, spent) = Samples.P2wpkhSpend();

        Assert.Null(Connect(Samples.Block(200, transaction), spent));
        Assert.Equal("bad-cb-amount", BlockConnection.Check(Samples.Block(200, transaction), 200, 0, s_subsidy - new Satoshis(10_001), Find(spent)));
        Assert.Null(BlockConnection.Check(Samples.Block(200, transaction), 200, 0, s_subsidy - new Satoshis(10_000), Find(spent)));
    }

    [Fact]
    public void A_wrong_signature_does_not_connect()
    {
        var (transaction, spent) = Samples.P2wpkhSpend();

        var reason = Connect(Samples.Block(200, transaction), spent with { Value = spent.Value + new Satoshis(1) });

        Assert.Equal($"mandatory-script-verify-flag-failed ({ScriptError.EvalFalse.GetMessage()})", reason);
    }

    [Fact]
    public void An_output_is_spent_once_and_may_be_made_in_the_same_block()
    {
        var parent = Spend(new OutPoint(Samples.Segwit.TxId, 0), 900);
        var child = Spend(parent.OutPointOf(0), 800);
        var spent = new TxOut(new Satoshis(1000), s_anyone);

        Assert.Null(Connect(Samples.Block(200, parent, child), spent));
        Assert.Equal("bad-txns-inputs-missingorspent", Connect(Samples.Block(200, child, parent), spent));
        Assert.Equal("bad-txns-inputs-missingorspent", Connect(Samples.Block(200, parent, child, Spend(parent.OutPointOf(0), 700)), spent));
        Assert.Equal("bad-txns-in-belowout", Connect(Samples.Block(200, Spend(new OutPoint(Samples.Segwit.TxId, 0), 1001)), spent));
    }

    [Fact]
    public void Relative_locks_bind()
    {
        var locked = Transaction.Create(2, [new TxIn(new OutPoint(Samples.Segwit.TxId, 0), 150)], [new TxOut(new Satoshis(1), s_anyone)]);

        Assert.Equal("bad-txns-nonfinal", Connect(Samples.Block(200, locked), new TxOut(new Satoshis(1000), s_anyone)));
    }

    [Fact]
    public void What_can_never_be_spent_is_no_output()
    {
        var burn = Transaction.Create(2, [new TxIn(new OutPoint(Samples.Segwit.TxId, 0))], [new TxOut(new Satoshis(900), StandardScripts.OpReturn([1, 2]))]);

        Assert.Equal("bad-txns-inputs-missingorspent", Connect(Samples.Block(200, burn, Spend(burn.OutPointOf(0), 1)), new TxOut(new Satoshis(1000), s_anyone)));
    }

    private static string? Connect(Block block, TxOut spent) => BlockConnection.Check(block, 200, 0, s_subsidy, Find(spent));

    private static BlockConnection.FindOutput Find(TxOut spent) =>
        outPoint => outPoint == new OutPoint(Samples.Segwit.TxId, 0) ? new SpentOutput(spent, 100, IsCoinbase: false) : null;

    private static Transaction Spend(OutPoint outPoint, long amount) =>
        Transaction.Create(2, [new TxIn(outPoint)], [new TxOut(new Satoshis(amount), s_anyone)]);
}
