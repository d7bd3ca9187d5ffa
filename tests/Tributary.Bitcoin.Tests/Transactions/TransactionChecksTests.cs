using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Transactions;

public sealed class TransactionChecksTests
{
    private static readonly TxIn s_input = new(new OutPoint(Samples.Segwit.TxId, 0));
    private static readonly TxOut s_output = new(new Satoshis(1000), Script.Empty);

    public static TheoryData<string, long[]> Amounts => new()
    {
        { "bad-txns-vout-negative", [-1] },
        { "bad-txns-vout-toolarge", [2_100_000_000_000_001] },
        { "bad-txns-txouttotal-toolarge", [2_100_000_000_000_000, 1] },
        { "bad-txns-vout-negative", [long.MinValue] },
        { "", [2_100_000_000_000_000] },
        { "", [0, 0] },
    };

    [Theory]
    [MemberData(nameof(Amounts))]
    public void Amounts_stay_in_range(string reason, long[] amounts)
    {
        var transaction = Transaction.Create(2, [s_input], amounts.Select(static amount => new TxOut(new Satoshis(amount), Script.Empty)).ToArray());

        Assert.Equal(reason, TransactionChecks.Check(transaction) ?? "");
    }

    [Fact]
    public void There_are_inputs_and_outputs()
    {
        Assert.Equal("bad-txns-vin-empty", TransactionChecks.Check(Transaction.Create(2, [], [s_output])));
        Assert.Equal("bad-txns-vout-empty", TransactionChecks.Check(Transaction.Create(2, [s_input], [])));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void No_output_is_spent_twice(int count)
    {
        var inputs = Enumerable.Range(0, count).Select(static i => new TxIn(new OutPoint(Samples.Segwit.TxId, (uint)i))).ToArray();
        Assert.Null(TransactionChecks.Check(Transaction.Create(2, inputs, [s_output])));

        inputs[^1] = inputs[0];
        Assert.Equal("bad-txns-inputs-duplicate", TransactionChecks.Check(Transaction.Create(2, inputs, [s_output])));
    }

    [Theory]
    [InlineData(1, "bad-cb-length")]
    [InlineData(2, "")]
    [InlineData(100, "")]
    [InlineData(101, "bad-cb-length")]
    public void A_coinbase_script_has_2_to_100_bytes(int length, string reason)
    {
        var coinbase = Transaction.Create(2, [new TxIn(OutPoint.Null, new Script(new byte[length]), TxIn.Final, Witness.Empty)], [s_output]);

        Assert.True(coinbase.IsCoinbase);
        Assert.Equal(reason, TransactionChecks.Check(coinbase) ?? "");
    }

    [Fact]
    public void Only_a_coinbase_spends_nothing() =>
        Assert.Equal("bad-txns-prevout-null", TransactionChecks.Check(Transaction.Create(2, [s_input, new TxIn(OutPoint.Null)], [s_output])));

    [Fact]
    public void Its_size_without_witnesses_fits_a_block()
    {
        var large = new Script(new byte[1_000_000]);
        Assert.Equal("bad-txns-oversize", TransactionChecks.Check(Transaction.Create(2, [s_input], [new TxOut(default, large)])));

        var witness = s_input with { Witness = Witness.Of(new byte[3_900_000]) };
        Assert.Null(TransactionChecks.Check(Transaction.Create(2, [witness], [s_output])));
    }

    [Theory]
    [InlineData(10, 109, "bad-txns-premature-spend-of-coinbase")]
    [InlineData(10, 110, "")]
    public void A_reward_rests_for_100_blocks(int height, int spendHeight, string reason)
    {
        var transaction = Transaction.Create(2, [s_input], [s_output]);
        var spent = new SpentOutput(new TxOut(new Satoshis(5000), Script.Empty), height, IsCoinbase: true);

        Assert.Equal(reason, TransactionChecks.CheckAmounts(transaction, [spent], spendHeight, out var fee) ?? "");
        Assert.Equal(reason.Length == 0 ? 4000 : 0, fee.Value);
    }

    [Theory]
    [InlineData(999, "bad-txns-in-belowout")]
    [InlineData(1000, "")]
    [InlineData(-1, "bad-txns-inputvalues-outofrange")]
    [InlineData(2_100_000_000_000_001, "bad-txns-inputvalues-outofrange")]
    public void Outputs_are_not_more_than_inputs(long amount, string reason)
    {
        var transaction = Transaction.Create(2, [s_input], [s_output]);
        var spent = new SpentOutput(new TxOut(new Satoshis(amount), Script.Empty), 1, IsCoinbase: false);

        Assert.Equal(reason, TransactionChecks.CheckAmounts(transaction, [spent], 200, out _) ?? "");
    }
}
