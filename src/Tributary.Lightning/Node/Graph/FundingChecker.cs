using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Node.Graph;

/// <summary>
/// Looks for the funding of an announced channel in the chain (BOLT 7, "The channel_announcement Message"): an unspent P2WSH output of the two
/// keys at the place that the id names, six blocks deep. Keeps the last block, so that ids in order read each block once. One caller.
/// </summary>
internal sealed class FundingChecker(IChainSource chain)
{
    private const int DepthMin = 6;

    private int _height = -1;
    private Block? _block;

    /// <summary>What the chain says, and which output it is when it is there.</summary>
    internal async Task<(FundingAnswer Answer, OutPoint OutPoint)> CheckAsync(ShortChannelId id, NodeId key1, NodeId key2, CancellationToken cancellationToken)
    {
        if (chain.Status is not { IsSynced: true, Tip: { } tip } || id.BlockHeight + (long)DepthMin - 1 > tip.Height)
            return (new FundingAnswer.Unknown(), default);
        if (!key1.TryGetKey(out var first) || !key2.TryGetKey(out var second))
            return (new FundingAnswer.Absent(), default);
        if (await BlockAtAsync((int)id.BlockHeight, cancellationToken) is not { } block)
            return (new FundingAnswer.Unknown(), default);
        if (id.TransactionIndex >= block.Transactions.Length || block.Transactions[(int)id.TransactionIndex] is not { } transaction || id.OutputIndex >= transaction.OutputCount)
            return (new FundingAnswer.Absent(), default);

        if (transaction.Output(id.OutputIndex).ScriptPubKey != StandardScripts.P2wshOf(CommitmentScripts.Funding(first, second)))
            return (new FundingAnswer.Absent(), default);
        var outPoint = transaction.OutPointOf(id.OutputIndex);
        if ((await chain.GetUnspentAsync(outPoint, cancellationToken)).TryGet(out var unspent, out var error))
            return (new FundingAnswer.Found(unspent.Output.Value), outPoint);
        return (error.Kind == ChainErrorKind.NotFound ? new FundingAnswer.Absent() : new FundingAnswer.Unknown(), default);
    }

    private async Task<Block?> BlockAtAsync(int height, CancellationToken cancellationToken)
    {
        if (!(await chain.GetBlockHashAsync(height, cancellationToken)).TryGet(out var hash))
            return null;
        if (_height == height && _block is { } kept && kept.Hash == hash)
            return kept;
        if (!(await chain.GetBlockAsync(hash, cancellationToken)).TryGet(out var block))
            return null;
        (_height, _block) = (height, block);
        return block;
    }
}
