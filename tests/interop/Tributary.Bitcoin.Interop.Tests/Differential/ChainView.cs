using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>Our judge: the coins that the campaign made and the tip they are judged at.</summary>
internal sealed class ChainView(int tipHeight, long tipMedianTimePast, BlockHash tip)
{
    private readonly Dictionary<OutPoint, SpentOutput> _coins = [];

    public int Height => tipHeight + 1;

    public void Add(Coin coin)
    {
        // What can never be spent is no coin.
        if (!coin.Spent.Output.ScriptPubKey.IsUnspendable)
            _coins.Add(coin.OutPoint, coin.Spent);
    }

    public Verdict JudgeRelay(Transaction transaction)
    {
        // What needs no coins comes first, as in a node.
        if (StandardPolicy.CheckAlone(transaction, Height, tipMedianTimePast) is { } reason)
            return Verdict.Of(reason);
        var spent = new SpentOutput[transaction.InputCount];
        for (var i = 0; i < spent.Length; i++)
        {
            if (!_coins.TryGetValue(transaction.PreviousOutput(i), out spent[i]))
                return Verdict.Of("missing-inputs");
        }

        return Verdict.Of(StandardPolicy.Check(transaction, spent, Height, tipMedianTimePast));
    }

    public Verdict JudgeConsensus(Transaction transaction)
    {
        var block = BuildBlock(transaction);
        return Verdict.Of(BlockChecks.Check(block)
            ?? BlockChecks.CheckAt(block, Height, tipMedianTimePast)
            ?? BlockConnection.Check(
                block, Height, tipMedianTimePast, BlockSubsidy.At(Height, BlockSubsidy.RegtestHalvingInterval), outPoint => _coins.TryGetValue(outPoint, out var coin) ? coin : null));
    }

    // The block that generateblock makes: a coinbase that takes no fees, and the transaction.
    private Block BuildBlock(Transaction transaction)
    {
        var reserved = new byte[32];
        var scriptSig = new ScriptBuilder().PushNumber(Height).PushNumber(0).Build();
        var input = new TxIn(OutPoint.Null, scriptSig, TxIn.Final, Witness.Of(reserved));
        Transaction Coinbase(Script commitment) => Transaction.Create(
            2, [input], [new TxOut(new Satoshis(0), new Script(new byte[] { 0x51 })), new TxOut(new Satoshis(0), commitment)]);

        var draft = Block.Create(default, [Coinbase(default), transaction]);
        var coinbase = Coinbase(WitnessCommitment.BuildScript(WitnessCommitment.Compute(MerkleTree.WitnessRoot(draft), reserved)));
        var root = MerkleTree.Root([coinbase.TxId.Value, transaction.TxId.Value]);
        return Block.Create(new BlockHeader(0x2000_0000, tip, root, (uint)tipMedianTimePast + 1, 0x207f_ffff, 0), [coinbase, transaction]);
    }
}
