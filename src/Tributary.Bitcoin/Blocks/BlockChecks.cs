using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Blocks;

/// <summary>
/// The rules on a block before its spends are looked at, in Bitcoin Core's order and words. Rules that began at some height on mainnet
/// (BIP 34, 65, 66, 68, 141, 341) are taken to be in force, as they are at any tip and from the first block of regtest on.
/// </summary>
public static class BlockChecks
{
    /// <summary>The most that the signature operations of a block may cost (BIP 141).</summary>
    public const int SigOpCostMax = 80_000;

    /// <summary>How far a block's time may be ahead of the clock, in seconds.</summary>
    public const int FutureTimeMax = 2 * 60 * 60;

    private const int VersionMin = 4;

    /// <summary>Does the hash meet the target that the header names, and does the network allow that target?</summary>
    public static string? CheckWork(in BlockHeader header, Target limit) =>
        Target.TryFromCompact(header.Bits, out var target) && target <= limit && target.IsMetBy(header.Hash) ? null : "high-hash";

    /// <summary>What a header must keep on top of its parent.</summary>
    /// <param name="header">The header.</param>
    /// <param name="expectedBits">The target that the chain asks for.</param>
    /// <param name="medianTimePast">The median time of the parent and the ten blocks before it, seconds since 1970.</param>
    /// <param name="now">The clock, seconds since 1970.</param>
    public static string? CheckHeader(in BlockHeader header, uint expectedBits, long medianTimePast, long now)
    {
        if (header.Bits != expectedBits)
            return "bad-diffbits";
        if (header.Time <= medianTimePast)
            return "time-too-old";
        if (header.Time > now + FutureTimeMax)
            return "time-too-new";
        return header.Version < VersionMin ? $"bad-version(0x{header.Version:x8})" : null;
    }

    /// <summary>What a block must keep wherever it stands; its proof of work is <see cref="CheckWork"/>'s.</summary>
    public static string? Check(Block block)
    {
        if (MerkleTree.TransactionRoot(block, out var isMutated) != block.Header.MerkleRoot)
            return "bad-txnmrklroot";
        if (isMutated)
            return "bad-txns-duplicate";

        var transactions = block.Transactions;
        const int scale = Transaction.WitnessScaleFactor;
        if (transactions.IsEmpty || transactions.Length * scale > TransactionChecks.BlockWeightMax || (long)block.BaseSize * scale > TransactionChecks.BlockWeightMax)
            return "bad-blk-length";
        if (!transactions[0].IsCoinbase)
            return "bad-cb-missing";
        if (transactions.Skip(1).Any(static transaction => transaction.IsCoinbase))
            return "bad-cb-multiple";

        long sigOps = 0;
        foreach (var transaction in transactions)
        {
            if (TransactionChecks.Check(transaction) is { } reason)
                return reason;
            sigOps += SigOpCost.CountLegacy(transaction);
        }

        return sigOps * scale > SigOpCostMax ? "bad-blk-sigops" : null;
    }

    /// <summary>What a block that passed <see cref="Check"/> must keep at its height.</summary>
    /// <param name="block">The block.</param>
    /// <param name="height">Its height.</param>
    /// <param name="medianTimePast">The median time of its parent and the ten blocks before that (BIP 113), seconds since 1970.</param>
    public static string? CheckAt(Block block, int height, long medianTimePast)
    {
        foreach (var transaction in block.Transactions)
        {
            if (!LockTimes.IsFinal(transaction, height, medianTimePast))
                return "bad-txns-nonfinal";
        }

        // BIP 34: the coinbase begins with the height, in the shortest push, so that no two are the same.
        if (!block.Transactions[0].ScriptSig(0).Span.StartsWith(new ScriptBuilder().PushNumber(height).Build().Span))
            return "bad-cb-height";
        return WitnessCommitment.Check(block) ?? (block.Weight > TransactionChecks.BlockWeightMax ? "bad-blk-weight" : null);
    }
}
