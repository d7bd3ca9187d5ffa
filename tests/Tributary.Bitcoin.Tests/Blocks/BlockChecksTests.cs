using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Transactions;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Blocks;

public sealed class BlockChecksTests
{
    private static readonly Script s_anyone = new(new byte[] { 0x51 });

    [Fact]
    public void A_good_block_passes_at_its_height()
    {
        var block = Samples.Block(300, Final(Samples.Random(1)));

        Assert.Null(BlockChecks.Check(block));
        Assert.Null(BlockChecks.CheckAt(block, 300, 1_600_000_000));
        Assert.Equal("bad-cb-height", BlockChecks.CheckAt(block, 301, 1_600_000_000));
    }

    [Fact]
    public void The_header_names_the_transactions()
    {
        var block = Samples.Block(5, Samples.Random(1));
        Assert.Equal("bad-txnmrklroot", BlockChecks.Check(Block.Create(block.Header with { MerkleRoot = default }, block.Transactions)));

        // Three transactions and a fourth that repeats the third have the same root.
        var three = Samples.Block(5, Samples.Random(1), Samples.Random(2));
        Assert.Equal("bad-txns-duplicate", BlockChecks.Check(Block.Create(three.Header, [.. three.Transactions, three.Transactions[^1]])));
    }

    [Fact]
    public void The_first_transaction_and_no_other_is_a_coinbase()
    {
        Assert.Equal("bad-cb-missing", BlockChecks.Check(WithRoot(Samples.Random(1))));
        Assert.Equal("bad-cb-multiple", BlockChecks.Check(WithRoot(Samples.Coinbase(1, new TxOut(default, s_anyone)), Samples.Coinbase(2, new TxOut(default, s_anyone)))));
    }

    [Fact]
    public void Size_and_signature_operations_are_limited()
    {
        var large = Spend(new TxOut(default, new Script(new byte[990_000])));
        Assert.Equal("bad-blk-length", BlockChecks.Check(Samples.Block(5, large, Spend(new TxOut(default, new Script(new byte[20_000]))))));

        // 1,000 multisigs count 20 each, in outputs too.
        var busy = new Script(Enumerable.Repeat((byte)Opcode.CheckMultiSig, 1000).ToArray());
        Assert.Null(BlockChecks.Check(Samples.Block(5, Spend(new TxOut(default, busy)))));
        Assert.Equal("bad-blk-sigops", BlockChecks.Check(Samples.Block(5, Spend(new TxOut(default, new Script(new byte[] { (byte)Opcode.CheckSig }))), Spend(new TxOut(default, busy)))));
    }

    [Fact]
    public void Witnesses_are_committed_to()
    {
        var block = Samples.Block(5, Final(Samples.Random(1)));
        var coinbase = block.Transactions[0];
        var bare = Samples.Coinbase(5, new TxOut(default, s_anyone));
        Assert.Equal("unexpected-witness", WitnessCommitment.Check(WithRoot(bare, block.Transactions[1])));
        Assert.Equal("bad-witness-merkle-match", WitnessCommitment.Check(WithRoot(coinbase, Samples.Segwit)));

        var input = coinbase.Input(0) with { Witness = Witness.Of(new byte[31]) };
        Assert.Equal("bad-witness-nonce-size", WitnessCommitment.Check(WithRoot(coinbase.WithInputs([input]), block.Transactions[1])));
    }

    [Fact]
    public void The_last_commitment_counts()
    {
        var first = new TxOut(default, WitnessCommitment.BuildScript(default));
        Assert.Equal(2, WitnessCommitment.FindOutput(Samples.Coinbase(1, first, new TxOut(default, s_anyone), first)));
        Assert.Equal(-1, WitnessCommitment.FindOutput(Samples.Coinbase(1, new TxOut(default, s_anyone))));
    }

    [Fact]
    public void Weight_is_limited_and_transactions_are_final()
    {
        var heavy = Spend(new TxOut(default, s_anyone)).WithInputs([new TxIn(new OutPoint(Samples.Segwit.TxId, 1), default, TxIn.Final, Witness.Of(new byte[4_000_000]))]);
        Assert.Equal("bad-blk-weight", BlockChecks.CheckAt(Samples.Block(5, heavy), 5, 0));

        var early = Transaction.Create(2, [new TxIn(new OutPoint(Samples.Segwit.TxId, 0))], [new TxOut(default, s_anyone)], lockTime: 5);
        Assert.Equal("bad-txns-nonfinal", BlockChecks.CheckAt(Samples.Block(5, early), 5, 0));
    }

    [Theory]
    [InlineData(0x207fffffu, 101, 4, "")]
    [InlineData(0x1d00ffffu, 101, 4, "bad-diffbits")]
    [InlineData(0x207fffffu, 100, 4, "time-too-old")]
    [InlineData(0x207fffffu, 1000 + 7200, 4, "")]
    [InlineData(0x207fffffu, 1000 + 7201, 4, "time-too-new")]
    [InlineData(0x207fffffu, 101, 3, "bad-version(0x00000003)")]
    public void A_header_follows_its_parent(uint bits, uint time, int version, string reason) =>
        Assert.Equal(reason, BlockChecks.CheckHeader(new BlockHeader(version, default, default, time, bits, 0), 0x207fffff, 100, 1000) ?? "");

    [Fact]
    public void Work_is_checked_against_the_target_and_the_target_against_the_limit()
    {
        Assert.True(Target.TryFromCompact(0x207fffff, out var limit));
        var header = new BlockHeader(4, default, default, 0, 0x207fffff, 0);
        while (BlockChecks.CheckWork(header, limit) is not null)
            header = header with { Nonce = header.Nonce + 1 };

        Assert.True(header.Nonce < 100);
        Assert.Equal("high-hash", BlockChecks.CheckWork(header with { Bits = 0x1d00ffff }, limit));
        Assert.Equal("high-hash", BlockChecks.CheckWork(header with { Bits = 0x21000100 }, limit));
    }

    [Theory]
    [InlineData(0, 5_000_000_000)]
    [InlineData(209_999, 5_000_000_000)]
    [InlineData(210_000, 2_500_000_000)]
    [InlineData(840_000, 312_500_000)]
    [InlineData(6_930_000, 0)]
    [InlineData(int.MaxValue, 0)]
    public void New_coins_halve(int height, long satoshis) => Assert.Equal(new Satoshis(satoshis), BlockSubsidy.At(height));

    private static Transaction Spend(TxOut output) => Transaction.Create(2, [new TxIn(new OutPoint(Samples.Segwit.TxId, 0), TxIn.Final)], [output]);

    private static Transaction Final(Transaction transaction) => Transaction.Create(2, transaction.Inputs.ToArray(), transaction.Outputs.ToArray());

    private static Block WithRoot(params Transaction[] transactions) => Block.Create(
        new BlockHeader(4, default, MerkleTree.Root(transactions.Select(static transaction => transaction.TxId.Value).ToArray()), 0, 0x207fffff, 0), transactions);
}
