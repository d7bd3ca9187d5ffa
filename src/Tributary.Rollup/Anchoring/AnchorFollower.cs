using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;

namespace Tributary.Rollup.Anchoring;

/// <summary>
/// Finds what Bitcoin's blocks hold for one rollup: its beginning, the chain of transactions that spend its anchor, forced posts, deposits. A
/// pure function of the blocks it was shown; a block that a reorganisation takes away is taken back. Not safe for several threads.
/// </summary>
/// <param name="firstHeight">The height of the first block that it will be shown.</param>
/// <param name="rollup">The rollup to look for; null for the first that begins.</param>
public sealed class AnchorFollower(int firstHeight, Bytes32? rollup)
{
    private readonly List<BlockHash> _blocks = [];
    private readonly List<(int Height, OutPoint? Next)> _anchors = [];
    private readonly List<(int Height, Bytes32 Digest)> _posts = [];
    private readonly List<int> _deposits = [];
    private int _firstKept = firstHeight;
    private ulong _postsBefore;
    private ulong _depositsBefore;
    private Bytes32 _queueBefore = ForcedPost.EmptyQueue;
    private Script _anchorScript;
    private Script _vaultScript;

    /// <summary>The height of the next block.</summary>
    public int NextHeight => _firstKept + _blocks.Count;

    /// <summary>How the rollup began; null until it has been found.</summary>
    public AnchorSeen.Began? Beginning { get; private set; }

    /// <summary>The output that the next batch spends; null before the beginning and after the end.</summary>
    public OutPoint? Anchor => _anchors.Count == 0 ? null : _anchors[^1].Next;

    /// <summary>The block at a height; null where it was not shown, or is settled.</summary>
    public BlockHash? BlockAt(long height) => height >= _firstKept && height < NextHeight ? _blocks[(int)(height - _firstKept)] : null;

    /// <summary>How many operations have been posted up to a height, it included.</summary>
    public ulong PostsUpTo(long height) => _postsBefore + (ulong)CountUpTo(_posts, static post => post.Height, height);

    /// <summary>How many deposits have been made up to a height, it included.</summary>
    public ulong DepositsUpTo(long height) => _depositsBefore + (ulong)CountUpTo(_deposits, static deposit => deposit, height);

    /// <summary>The digest of the forced queue's first posts; null where there are not so many.</summary>
    public Bytes32? QueueDigest(ulong cursor) =>
        cursor == _postsBefore ? _queueBefore
        : cursor > _postsBefore && cursor <= _postsBefore + (ulong)_posts.Count ? _posts[(int)(cursor - _postsBefore - 1)].Digest
        : null;

    /// <summary>The height of the first post that a cursor has not consumed; null where it has consumed all.</summary>
    public int? FirstPostAfter(ulong cursor) =>
        cursor >= _postsBefore && cursor < _postsBefore + (ulong)_posts.Count ? _posts[(int)(cursor - _postsBefore)].Height : null;

    /// <summary>Shows it the next block.</summary>
    public IReadOnlyList<AnchorSeen> Connect(int height, Block block)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(height, NextHeight);
        _blocks.Add(block.Hash);
        var seen = new List<AnchorSeen>();
        foreach (var transaction in block.Transactions)
        {
            if (Beginning is null)
                LookForBeginning(height, transaction, seen);
            else
                Look(height, transaction, Beginning.Rollup, seen);
        }

        return seen;
    }

    /// <summary>Takes the last block back, with all that it held.</summary>
    public void Disconnect(int height)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(height, NextHeight - 1);
        _blocks.RemoveAt(_blocks.Count - 1);
        _ = _anchors.RemoveAll(anchor => anchor.Height >= height);
        _ = _posts.RemoveAll(post => post.Height >= height);
        _ = _deposits.RemoveAll(deposit => deposit >= height);
        if (Beginning?.Height >= height)
            Beginning = null;
    }

    /// <summary>Goes on from what was settled.</summary>
    internal static AnchorFollower Resume(ReplicaBase from, Bytes32? rollup)
    {
        var follower = new AnchorFollower(from.Height - from.Blocks.Count + 1, rollup);
        follower._blocks.AddRange(from.Blocks);
        if (from.Beginning is null)
            return follower;
        follower.Begin(from.Beginning);
        follower._anchors.Add((from.Height, from.Anchor));
        (follower._postsBefore, follower._queueBefore) = (from.Last?.ForcedCursor ?? 0, from.Last?.ForcedDigest ?? ForcedPost.EmptyQueue);
        follower._posts.AddRange(from.WaitingPosts.Select(static post => (post.Height, post.Digest)));
        follower._depositsBefore = from.Last?.DepositCursor ?? 0;
        follower._deposits.AddRange(from.WaitingDeposits.Select(static deposit => deposit.Height));
        return follower;
    }

    /// <summary>The blocks from a height to another, which are kept.</summary>
    internal IReadOnlyList<BlockHash> Blocks(long from, int through)
    {
        var first = (int)Math.Max(from - _firstKept, 0);
        return _blocks[first..(through - _firstKept + 1)];
    }

    /// <summary>The output that the next batch would spend after a height.</summary>
    internal OutPoint? AnchorAfter(int height) => _anchors.FindLast(anchor => anchor.Height <= height).Next;

    /// <summary>Lets go of what no later block can ask for: no block up to the height is taken back any more.</summary>
    /// <param name="height">The last height that is settled.</param>
    /// <param name="last">The last batch up to it; null for none.</param>
    internal void Settle(int height, BatchHeader? last)
    {
        var blocks = (int)Math.Min((int?)last?.Height ?? Beginning?.Height ?? height, height) - _firstKept;
        _blocks.RemoveRange(0, blocks);
        _firstKept += blocks;
        _anchors.RemoveRange(0, Math.Max(0, _anchors.FindLastIndex(anchor => anchor.Height <= height)));
        if (last is null)
            return;
        _posts.RemoveRange(0, (int)(last.ForcedCursor - _postsBefore));
        (_postsBefore, _queueBefore) = (last.ForcedCursor, last.ForcedDigest);
        _deposits.RemoveRange(0, (int)(last.DepositCursor - _depositsBefore));
        _depositsBefore = last.DepositCursor;
    }

    private static int CountUpTo<T>(List<T> list, Func<T, int> heightOf, long height)
    {
        // Heights never fall along the list: the first beyond, by halving.
        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (heightOf(list[middle]) <= height)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void LookForBeginning(int height, Transaction transaction, List<AnchorSeen> seen)
    {
        if (transaction.IsCoinbase
            || !Envelope.IsShown(transaction, 0, out var script)
            || !Envelope.Read(script).TryGet(out var envelope)
            || envelope.Kind != EnvelopeKind.Genesis
            || !RollupGenesis.Read(envelope.Payload.Span).TryGet(out var genesis))
        {
            return;
        }

        var id = genesis.IdOf(transaction.PreviousOutput(0));
        var anchorScript = AnchorOutputs.Anchor(genesis.Operator);
        if ((rollup is { } wanted && wanted != id) || transaction.Output(0).ScriptPubKey != anchorScript)
            return;
        Begin(new(height, genesis, id, transaction.OutPointOf(0)));
        _anchors.Add((height, transaction.OutPointOf(0)));
        seen.Add(Beginning!);
    }

    private void Begin(AnchorSeen.Began beginning)
    {
        (_anchorScript, _vaultScript) = (AnchorOutputs.Anchor(beginning.Genesis.Operator), StandardScripts.P2tr(beginning.Genesis.Vault.Span));
        Beginning = beginning;
    }

    private void Look(int height, Transaction transaction, Bytes32 id, List<AnchorSeen> seen)
    {
        if (Anchor is { } anchor && !transaction.IsCoinbase && Spends(transaction, anchor))
            seen.Add(Follow(height, transaction, id));
        for (var input = 0; input < transaction.InputCount; input++)
        {
            if (Envelope.IsShown(transaction, input, out var script)
                && Envelope.Read(script).TryGet(out var envelope)
                && envelope.Kind == EnvelopeKind.Forced
                && envelope.Payload.Length is > Bytes32.Length and <= Bytes32.Length + ForcedPost.OperationLengthMax
                && envelope.Payload.Span.StartsWith(id.Span))
            {
                seen.Add(new AnchorSeen.Posted(Append(height, envelope.Payload[Bytes32.Length..])));
            }
        }

        LookForDeposits(height, transaction, id, seen);
    }

    // The first output to the vault goes with the first marker, and so on: a wallet may put its change anywhere between them.
    private void LookForDeposits(int height, Transaction transaction, Bytes32 id, List<AnchorSeen> seen)
    {
        var marker = -1;
        for (var output = 0; output < transaction.OutputCount; output++)
        {
            var paid = transaction.Output(output);
            if (paid.ScriptPubKey != _vaultScript || paid.Value < SeenDeposit.AmountMin)
                continue;
            var account = default(AccountId);
            do
            {
                if (++marker >= transaction.OutputCount)
                    return;
            }
            while (!SeenDeposit.TryReadMarker(transaction.Output(marker).ScriptPubKey, id, out account));
            _deposits.Add(height);
            seen.Add(new AnchorSeen.Deposited(new(_depositsBefore + (ulong)_deposits.Count, height, transaction.OutPointOf(output), account, paid.Value)));
        }
    }

    private static bool Spends(Transaction transaction, OutPoint output)
    {
        for (var input = 0; input < transaction.InputCount; input++)
        {
            if (transaction.PreviousOutput(input) == output)
                return true;
        }

        return false;
    }

    private AnchorSeen Follow(int height, Transaction transaction, Bytes32 id)
    {
        var goesOn = transaction.Output(0).ScriptPubKey == _anchorScript;
        _anchors.Add((height, goesOn ? transaction.OutPointOf(0) : null));
        if (!goesOn)
            return new AnchorSeen.Ended(height, transaction.TxId);
        return ReadBatch(transaction, id).TryGet(out var batch, out var refusal)
            ? new AnchorSeen.Batch(height, transaction.TxId, batch.Header, batch.Envelope.Payload[BatchHeader.Length..])
            : new AnchorSeen.Garbage(height, transaction.TxId, refusal);
    }

    private static Result<BatchPayload, Refusal> ReadBatch(Transaction transaction, Bytes32 id)
    {
        if (transaction.InputCount != 2 || !Envelope.IsShown(transaction, 1, out var script))
            return new Refusal("anchor", "has no envelope in its second input");
        if (!Envelope.Read(script).TryGet(out var envelope, out var damaged))
            return damaged;
        if (envelope.Kind != EnvelopeKind.Batch)
            return new Refusal("envelope.kind", $"is {envelope.Kind}, where a batch is due");
        if (!BatchHeader.Read(envelope.Payload.Span).TryGet(out var header, out var headless))
            return headless;
        return header.Rollup == id ? new BatchPayload(header, envelope) : new Refusal("batch.header.rollup", "is another rollup's");
    }

    private ForcedPost Append(int height, ReadOnlyMemory<byte> operation)
    {
        var before = _posts.Count == 0 ? _queueBefore : _posts[^1].Digest;
        var post = new ForcedPost(_postsBefore + (ulong)_posts.Count, height, operation, ForcedPost.Append(before, height, operation.Span));
        _posts.Add((height, post.Digest));
        return post;
    }

    private sealed record BatchPayload(BatchHeader Header, Envelope Envelope);
}
