using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain.Embedded.Store;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>
/// All known blocks, the active chain among them and its unspent outputs. The most work wins, and of equals the first. Every change goes
/// into the log before anyone can see it; the owner commits. One thread at a time.
/// </summary>
internal sealed class BlockTree
{
    private readonly ChainLog _log;
    private readonly Dictionary<BlockHash, BlockNode> _nodes = [];
    private readonly List<BlockNode> _arrivals = [];
    private readonly List<BlockNode> _active = [];

    internal BlockTree(ChainLog log)
    {
        _log = log;
        var genesis = RegtestRules.Genesis;
        var node = new BlockNode(genesis.Header, genesis.Hash, null, null);
        _nodes.Add(node.Hash, node);
        _arrivals.Add(node);
        _active.Add(node);
    }

    /// <summary>The outputs of the active chain. The genesis block's can't be spent and are not among them.</summary>
    internal CoinSet Coins { get; } = new();

    internal BlockNode Tip => _active[^1];

    /// <summary>Known blocks, the genesis block counted.</summary>
    internal int Count => _nodes.Count;

    internal bool TryFind(BlockHash hash, [NotNullWhen(true)] out BlockNode? node) => _nodes.TryGetValue(hash, out node);

    /// <summary>The active chain's block at a height, or null above the tip.</summary>
    internal BlockNode? ActiveAt(int height) => height >= 0 && height < _active.Count ? _active[height] : null;

    internal bool IsActive(BlockNode node) => ActiveAt(node.Height) == node;

    internal Block Read(BlockNode node) =>
        node.Parent is null ? RegtestRules.Genesis : Block.Parse(_log.Read(node.Place!)).Value;

    /// <summary>Takes a block in, and moves the active chain where that is now due.</summary>
    /// <param name="block">The block.</param>
    /// <param name="now">The clock, seconds since 1970.</param>
    /// <param name="move">What happened to the active chain.</param>
    /// <returns>Null for a block of the active chain, or Bitcoin Core's word: "inconclusive" for a valid block that does not win.</returns>
    internal string? Accept(Block block, long now, ChainMove move)
    {
        if (_nodes.TryGetValue(block.Hash, out var known))
            return known.IsFailed ? "duplicate-invalid" : "duplicate";
        if (CheckAlone(block, now, out var parent) is { } reason)
            return reason;

        // A block on the tip is checked whole before anything is written.
        if (parent == Tip && CheckSpends(block, parent) is { } refused)
            return refused;

        var node = Add(block, parent!, _log.Append(LogRecordKind.Block, block.Memory.Span));
        if (node.Height > Tip.Height)
            Activate(node, move);
        return IsActive(node) ? null : node.IsFailed ? "invalid-in-branch" : "inconclusive";
    }

    /// <summary>Gives up a block and all after it, as if it were invalid; the best of what is left becomes active.</summary>
    internal void Invalidate(BlockNode node, ChainMove move)
    {
        MarkFailed(node);
        Activate(BestCandidate(), move);
    }

    /// <summary>Takes <see cref="Invalidate"/> back, for the block, those before it and those after it.</summary>
    internal void Reconsider(BlockNode node, ChainMove move)
    {
        ClearFailed(node);
        _log.Append(LogRecordKind.Reconsidered, node.Hash.Value.Span);
        Activate(BestCandidate(), move);
    }

    /// <summary>While the log is replayed: a block that was taken in before.</summary>
    /// <returns>Null, or why that can't be.</returns>
    internal string? Restore(Block block, StoredRecord place)
    {
        if (_nodes.ContainsKey(block.Hash))
            return $"block {block.Hash} a second time";
        if (!_nodes.TryGetValue(block.Header.PreviousBlock, out var parent))
            return $"block {block.Hash} before its parent";
        Add(block, parent, place);
        return null;
    }

    /// <summary>While the log is replayed: flags of blocks.</summary>
    internal bool TryRestoreFailed(BlockHash hash, bool isFailed)
    {
        if (!_nodes.TryGetValue(hash, out var node))
            return false;
        if (isFailed)
            SetFailed(node);
        else
            ClearFailed(node);
        return true;
    }

    /// <summary>While the log is replayed: moves the active chain to where it was, without checking again what was checked then.</summary>
    /// <param name="hash">The block at the end.</param>
    /// <param name="read">Reads a block.</param>
    /// <param name="move">What happened to the active chain.</param>
    internal bool TryRestoreTip(BlockHash hash, Func<BlockNode, Block> read, ChainMove move)
    {
        if (!_nodes.TryGetValue(hash, out var target))
            return false;
        DisconnectTo(ForkWith(target), read, move);
        foreach (var node in PathTo(target))
            Connect(node, read(node), move);
        return true;
    }

    private string? CheckAlone(Block block, long now, out BlockNode? parent)
    {
        parent = null;
        if ((BlockChecks.CheckWork(block.Header, RegtestRules.Limit) ?? BlockChecks.Check(block)) is { } reason)
            return reason;
        if (!_nodes.TryGetValue(block.Header.PreviousBlock, out parent))
            return "prev-blk-not-found";
        if (parent.IsFailed)
            return "bad-prevblk";
        return BlockChecks.CheckHeader(block.Header, RegtestRules.Bits, parent.MedianTimePast, now)
            ?? BlockChecks.CheckAt(block, parent.Height + 1, parent.MedianTimePast);
    }

    /// <summary>The checks that need the outputs as of the parent, which is the tip.</summary>
    private string? CheckSpends(Block block, BlockNode parent)
    {
        foreach (var transaction in block.Transactions)
        {
            if (Coins.HasOutputOf(transaction))
                return "bad-txns-BIP30";
        }

        var height = parent.Height + 1;
        return BlockConnection.Check(block, height, parent.MedianTimePast, RegtestRules.SubsidyAt(height), Coins.Find);
    }

    private BlockNode Add(Block block, BlockNode parent, StoredRecord place)
    {
        var node = new BlockNode(block.Header, block.Hash, parent, place) { IsFailed = parent.IsFailed };
        _nodes.Add(node.Hash, node);
        _arrivals.Add(node);
        return node;
    }

    private void Activate(BlockNode target, ChainMove move)
    {
        var before = Tip;
        while (target != Tip)
        {
            DisconnectTo(ForkWith(target), Read, move);
            foreach (var node in PathTo(target))
            {
                var block = Read(node);
                if (CheckSpends(block, node.Parent!) is not null)
                {
                    MarkFailed(node);
                    break;
                }

                Connect(node, block, move);
            }

            target = target.IsFailed ? BestCandidate() : target;
        }

        if (Tip != before)
            _log.Append(LogRecordKind.Tip, Tip.Hash.Value.Span);
    }

    private BlockNode ForkWith(BlockNode target)
    {
        var node = target;
        while (!IsActive(node))
            node = node.Parent!;
        return node;
    }

    private List<BlockNode> PathTo(BlockNode target)
    {
        var path = new List<BlockNode>();
        for (var node = target; node != Tip; node = node.Parent!)
            path.Add(node);
        path.Reverse();
        return path;
    }

    private void DisconnectTo(BlockNode fork, Func<BlockNode, Block> read, ChainMove move)
    {
        while (Tip != fork)
        {
            var block = read(Tip);
            Coins.Undo(block);
            _active.RemoveAt(_active.Count - 1);
            move.Disconnect(block);
        }
    }

    private void Connect(BlockNode node, Block block, ChainMove move)
    {
        Coins.Apply(node, block);
        _active.Add(node);
        move.Connect(block);
    }

    /// <summary>The tip unless it failed or another has more work; of equals the one that came first.</summary>
    private BlockNode BestCandidate()
    {
        var best = Tip.IsFailed ? _active[0] : Tip;
        foreach (var node in _arrivals)
        {
            if (!node.IsFailed && node.Height > best.Height)
                best = node;
        }

        return best;
    }

    private void MarkFailed(BlockNode node)
    {
        SetFailed(node);
        _log.Append(LogRecordKind.Failed, node.Hash.Value.Span);
    }

    private void SetFailed(BlockNode failed)
    {
        foreach (var node in _arrivals)
            node.IsFailed |= node.IsDescendantOf(failed);
    }

    private void ClearFailed(BlockNode cleared)
    {
        foreach (var node in _arrivals)
        {
            if (node.IsFailed && (node.IsDescendantOf(cleared) || cleared.IsDescendantOf(node)))
                node.IsFailed = false;
        }
    }
}
