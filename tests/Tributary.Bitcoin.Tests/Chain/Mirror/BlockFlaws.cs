using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Tests.Chain.Mirror;

/// <summary>Blocks with one thing wrong each, made from a good one; proof of work and Merkle root are right unless they are what is wrong.</summary>
public static class BlockFlaws
{
    /// <param name="good">A good block.</param>
    /// <param name="parent">Its parent.</param>
    public static IEnumerable<(string Name, Block Block)> Of(Block good, Block parent)
    {
        // Another hash than the good block's, also where only a witness is wrong.
        var header = good.Header with { Time = good.Header.Time + 1 };
        var coinbase = good.Transactions[0];
        var reward = coinbase.Output(0);
        TxOut[] outputs = [.. coinbase.Outputs];
        var input = coinbase.Input(0);
        var spend = Transaction.Create(2, [new TxIn(new OutPoint(parent.Transactions[0].TxId, 0))], [new TxOut(new Satoshis(1000), Lock.All[0].Script)]);
        var padding = new Script(new byte[60]);

        yield return ("the Merkle root is another", Mine(header with { MerkleRoot = default }, good.Transactions));
        yield return ("the proof of work is missing", Block.Create(Spoil(header), good.Transactions));
        yield return ("the bits are another", Mine(header with { Bits = 0x207f_fffe }, good.Transactions));
        yield return ("the time is the parent's past", Mine(header with { Time = 1_296_688_602 }, good.Transactions));
        yield return ("the time is three hours ahead", Mine(header with { Time = (uint)DateTimeOffset.UtcNow.AddHours(3).ToUnixTimeSeconds() }, good.Transactions));
        yield return ("the version is of before BIP 65", Mine(header with { Version = 3 }, good.Transactions));
        yield return ("the parent is unknown", Mine(header with { PreviousBlock = new BlockHash(Bytes32.TryParse(new string('1', 64), out var unknown) ? unknown : default) }, good.Transactions));
        yield return ("there is no coinbase", Mine(header, [spend]));
        yield return ("there are two coinbases", Mine(header, [coinbase, Other(1)]));
        yield return ("the coinbase pays too much", Mine(header, [Coinbase(input, [reward with { Value = reward.Value + new Satoshis(1) }, .. outputs[1..]])]));
        yield return ("the coinbase has another height", Mine(header, [Coinbase(input with { ScriptSig = new ScriptBuilder().PushNumber(7).PushNumber(7).Build() }, outputs)]));
        yield return ("the coinbase has a script too long", Mine(header, [Coinbase(input with { ScriptSig = new ScriptBuilder().AddRaw(input.ScriptSig.Span).Push(padding.Span).Push(padding.Span).Build() }, outputs)]));
        yield return ("the witness commitment is another", Mine(header, [Coinbase(input, [reward, outputs[1] with { ScriptPubKey = WitnessCommitment.BuildScript(default) }])]));
        yield return ("the witness nonce is too short", Mine(header, [Coinbase(input with { Witness = Witness.Of(new byte[31]) }, outputs)]));
        yield return ("a witness has no commitment", Mine(header, [Coinbase(input, [reward])]));
        yield return ("an output is not there", Mine(header, [coinbase, Transaction.Create(2, [new TxIn(new OutPoint(default, 3))], [reward])], recommit: true));
        yield return ("a coinbase output is spent too early", Mine(header, [coinbase, spend], recommit: true));
        yield return ("a transaction is not final", Mine(header, [coinbase, Transaction.Create(2, [new TxIn(spend.PreviousOutput(0))], [spend.Output(0)], lockTime: 400_000_000)], recommit: true));
        yield return ("a transaction has no outputs", Mine(header, [coinbase, Transaction.Create(2, [new TxIn(spend.PreviousOutput(0))], [])], recommit: true));
        yield return ("a transaction is there twice", Mine(header, [coinbase, spend, spend], recommit: true));

        Transaction Other(byte one) => Coinbase(input with { ScriptSig = new Script(new byte[] { one, one }) }, outputs);
    }

    private static Transaction Coinbase(TxIn input, TxOut[] outputs) => Transaction.Create(2, [input], outputs);

    private static Block Mine(BlockHeader header, IReadOnlyList<Transaction> transactions, bool recommit = false)
    {
        if (recommit)
            transactions = [Recommit(transactions), .. transactions.Skip(1)];
        if (header.MerkleRoot != default)
            header = header with { MerkleRoot = MerkleTree.Root([.. transactions.Select(static transaction => transaction.TxId.Value)]) };
        Assert.True(Target.TryFromCompact(header.Bits, out var target));
        while (!target.IsMetBy(header.Hash))
            header = header with { Nonce = header.Nonce + 1 };
        return Block.Create(header, transactions);
    }

    /// <summary>The coinbase with the commitment that the transactions ask for.</summary>
    private static Transaction Recommit(IReadOnlyList<Transaction> transactions)
    {
        var coinbase = transactions[0];
        var root = MerkleTree.Root([default, .. transactions.Skip(1).Select(static transaction => transaction.WtxId.Value)]);
        var commitment = WitnessCommitment.BuildScript(WitnessCommitment.Compute(root, coinbase.Input(0).Witness[0].Span));
        return Coinbase(coinbase.Input(0), [coinbase.Output(0), new TxOut(Satoshis.Zero, commitment)]);
    }

    private static BlockHeader Spoil(BlockHeader header)
    {
        Assert.True(Target.TryFromCompact(header.Bits, out var target));
        while (target.IsMetBy(header.Hash))
            header = header with { Nonce = header.Nonce + 1 };
        return header;
    }
}
