using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>A regtest block with the transactions that a miner of its own mind puts into it.</summary>
internal static class ChosenBlock
{
    private const uint RegtestBits = 0x207f_ffff;

    internal static Block On(Block parent, int height, IReadOnlyList<Transaction> transactions, Script payTo)
    {
        Assert.True(Target.TryFromCompact(RegtestBits, out var limit));
        var reserved = new byte[WitnessCommitment.ReservedValueLength];
        Bytes32[] leaves = [default, .. transactions.Select(static transaction => transaction.WtxId.Value)];
        var coinbase = Transaction.Create(
            2,
            [new TxIn(OutPoint.Null, new ScriptBuilder().PushNumber(height).PushNumber(parent.Header.Nonce).Build(), TxIn.Final, Witness.Of(reserved))],
            [
                new TxOut(BlockSubsidy.At(height, BlockSubsidy.RegtestHalvingInterval), payTo),
                new TxOut(Satoshis.Zero, WitnessCommitment.BuildScript(WitnessCommitment.Compute(MerkleTree.Root(leaves), reserved))),
            ]);
        Transaction[] all = [coinbase, .. transactions];
        var root = MerkleTree.Root([.. all.Select(static transaction => transaction.TxId.Value)]);
        var header = new BlockHeader(0x2000_0000, parent.Hash, root, parent.Header.Time + 1, RegtestBits, 0);
        while (BlockChecks.CheckWork(header, limit) is not null)
            header = header with { Nonce = header.Nonce + 1 };
        return Block.Create(header, all);
    }
}
