using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Swaps;

/// <summary>
/// What has become of one contract on Bitcoin, as blocks show it: the first output of its script and its amount, and the input that spends it. A pure function
/// of the blocks; a block that a reorganisation takes away is taken back. Not safe for several threads.
/// </summary>
/// <param name="contract">The contract.</param>
/// <param name="amount">What it is to hold, exactly.</param>
/// <param name="firstHeight">The height of the first block that it will be shown: before the swap was agreed on.</param>
public sealed class OnChainHtlcFollower(OnChainHtlc contract, Satoshis amount, int firstHeight)
{
    /// <summary>The height of the next block.</summary>
    public int NextHeight { get; private set; } = firstHeight;

    /// <summary>What has become of it.</summary>
    public ContractState State => SpentAt is null ? FundedAt is null ? ContractState.None : ContractState.Open : Preimage is null ? ContractState.Refunded : ContractState.Claimed;

    /// <summary>The output; null where it is not in a block.</summary>
    public OutPoint? Output { get; private set; }

    /// <summary>The height at which it was paid.</summary>
    public int? FundedAt { get; private set; }

    /// <summary>The height at which it was spent.</summary>
    public int? SpentAt { get; private set; }

    /// <summary>The preimage, where it was claimed.</summary>
    public Bytes32? Preimage { get; private set; }

    /// <summary>The height of the block that made the state what it is; 0 where there is none.</summary>
    public int StateHeight => SpentAt ?? FundedAt ?? 0;

    /// <summary>Shows it the next block.</summary>
    public void Connect(int height, Block block)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(height, NextHeight);
        NextHeight++;
        foreach (var transaction in block.Transactions)
        {
            if (Output is null)
                LookForPayment(height, transaction);
            else if (SpentAt is null)
                LookForSpend(height, transaction);
        }
    }

    /// <summary>Leaves out blocks below a height that are known to hold nothing of it.</summary>
    public void SkipTo(int height) => NextHeight = Math.Max(NextHeight, height);

    /// <summary>Takes the last block back.</summary>
    public void Disconnect(int height)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(height, NextHeight - 1);
        NextHeight--;
        if (SpentAt >= height)
            (SpentAt, Preimage) = (null, null);
        if (FundedAt >= height)
            (FundedAt, Output) = (null, null);
    }

    private void LookForPayment(int height, Transaction transaction)
    {
        for (var output = 0; output < transaction.OutputCount; output++)
        {
            if (transaction.Output(output).ScriptPubKey != contract.ScriptPubKey || transaction.OutputValue(output) != amount)
                continue;
            (FundedAt, Output) = (height, transaction.OutPointOf(output));
            return;
        }
    }

    private void LookForSpend(int height, Transaction transaction)
    {
        for (var input = 0; input < transaction.InputCount; input++)
        {
            if (transaction.PreviousOutput(input) != Output)
                continue;
            (SpentAt, Preimage) = (height, contract.ReadPreimage(transaction.Witness(input)));
            return;
        }
    }
}
