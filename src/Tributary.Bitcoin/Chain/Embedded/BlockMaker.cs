using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain.Embedded.Pool;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>Builds regtest blocks, with the proof of work that two tries on average find.</summary>
internal static class BlockMaker
{
    /// <summary>Version bits without a signal (BIP 9).</summary>
    private const int Version = 0x2000_0000;

    /// <summary>A block on top of a parent.</summary>
    /// <param name="parent">The parent.</param>
    /// <param name="transactions">What it confirms, parents before children.</param>
    /// <param name="payTo">Who gets the subsidy and the fees.</param>
    /// <param name="extraNonce">Makes blocks with the same parent, time and script differ.</param>
    /// <param name="now">The clock, seconds since 1970.</param>
    internal static Block Make(BlockNode parent, IReadOnlyList<PoolEntry> transactions, Script payTo, long extraNonce, long now)
    {
        var height = parent.Height + 1;
        var fees = transactions.Aggregate(Satoshis.Zero, static (sum, entry) => sum + entry.Fee);
        var coinbase = MakeCoinbase(height, RegtestRules.SubsidyAt(height) + fees, payTo, WitnessRoot(transactions), extraNonce);
        Transaction[] all = [coinbase, .. transactions.Select(static entry => entry.Transaction)];
        var root = MerkleTree.Root([.. all.Select(static transaction => transaction.TxId.Value)]);
        var time = (uint)Math.Max(now, parent.MedianTimePast + 1L);
        return Block.Create(FindNonce(new BlockHeader(Version, parent.Hash, root, time, RegtestRules.Bits, 0)), all);
    }

    private static Transaction MakeCoinbase(int height, Satoshis reward, Script payTo, Bytes32 witnessRoot, long extraNonce)
    {
        var reserved = new byte[WitnessCommitment.ReservedValueLength];
        var scriptSig = new ScriptBuilder().PushNumber(height).PushNumber(extraNonce).Build();
        return Transaction.Create(
            2,
            [new TxIn(OutPoint.Null, scriptSig, TxIn.Final, Witness.Of(reserved))],
            [new TxOut(reward, payTo), new TxOut(Satoshis.Zero, WitnessCommitment.BuildScript(WitnessCommitment.Compute(witnessRoot, reserved)))]);
    }

    private static Bytes32 WitnessRoot(IReadOnlyList<PoolEntry> transactions)
    {
        // The coinbase, which holds the commitment, counts as zero (BIP 141).
        var leaves = new Bytes32[transactions.Count + 1];
        for (var i = 0; i < transactions.Count; i++)
            leaves[i + 1] = transactions[i].Transaction.WtxId.Value;
        return MerkleTree.Root(leaves);
    }

    private static BlockHeader FindNonce(BlockHeader header)
    {
        while (BlockChecks.CheckWork(header, RegtestRules.Limit) is not null)
            header = header with { Nonce = header.Nonce + 1 };
        return header;
    }
}
