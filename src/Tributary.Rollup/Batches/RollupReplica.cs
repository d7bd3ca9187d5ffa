using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Finance.Amounts;
using Tributary.Finance.State;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Liabilities;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Segments;
using Tributary.Rollup.State;
using Tributary.Rollup.Withdrawals;

namespace Tributary.Rollup.Batches;

/// <summary>
/// A rollup as Bitcoin's blocks alone give it: every batch is carried out again and counts only where it leads to the root that it names, and the
/// state is proven as far as proofs have been handed in, from whomever. A pure function of blocks and proofs; reorganisations are taken back. Not
/// safe for several threads. It keeps what every batch changed, so its memory grows with the rollup's history.
/// </summary>
/// <param name="firstHeight">The height of the first block that it will be shown.</param>
/// <param name="rollup">The rollup; null for the first that begins.</param>
/// <param name="verifier">Checks proofs: one whose key the rollup was begun with.</param>
public sealed class RollupReplica(int firstHeight, Bytes32? rollup, SegmentVerifier verifier)
{
    private readonly AnchorFollower _follower = new(firstHeight, rollup);
    private readonly List<ForcedPost> _posts = [];
    private readonly List<SeenDeposit> _deposits = [];
    private readonly List<Accepted> _batches = [];
    private readonly List<RefusedBatch> _refused = [];
    private TreeDigest _genesisRoot;
    private ulong _proven;

    /// <summary>The height of the next block.</summary>
    public int NextHeight => _follower.NextHeight;

    /// <summary>What was found on Bitcoin.</summary>
    public AnchorFollower Chain => _follower;

    /// <summary>The state after the last batch that counts; null until the rollup has begun.</summary>
    public RollupLedger? Ledger { get; private set; }

    /// <summary>The batches that count, in order.</summary>
    public IEnumerable<ReplayedBatch> Batches => _batches.Select(static accepted => accepted.Batch);

    /// <summary>What stood in the place of a batch and does not count, with the reason.</summary>
    public IReadOnlyList<RefusedBatch> Refused => _refused;

    /// <summary>The vault's coins and payouts; null until the rollup has begun.</summary>
    public VaultFollower? Vault { get; private set; }

    /// <summary>Every forced post up to the last block.</summary>
    public IReadOnlyList<ForcedPost> Posts => _posts;

    /// <summary>Every deposit up to the last block.</summary>
    public IReadOnlyList<SeenDeposit> Deposits => _deposits;

    /// <summary>Segments so far.</summary>
    public ulong SegmentCount => _batches.Count == 0 ? 0 : _batches[^1].FirstSegment + (ulong)_batches[^1].Batch.Segments.Count;

    /// <summary>How many segments, from the first on, have been proven.</summary>
    public ulong ProvenSegments => _proven;

    /// <summary>The root that proofs lead to: as much as can be relied on.</summary>
    public TreeDigest ProvenRoot => _proven == 0 ? _genesisRoot : SegmentAt(_proven - 1).RootAfter;

    /// <summary>Every withdrawal by number, with what has become of it.</summary>
    public IReadOnlyList<OwedWithdrawal> FindWithdrawals() => Vault is null ? [] : WithdrawalBook.Match(
        [.. _batches.SelectMany(accepted => accepted.Batch.Segments.SelectMany(segment => segment.Withdrawals.Select(
            what => (what, accepted.Batch.Header.Number, accepted.AnchoredAt, segment.Number < _proven))))],
        Vault.Spends);

    /// <summary>What the vault holds and owes after the last block; null until the rollup has begun.</summary>
    public LiabilityReport? ReportLiabilities()
    {
        if (Vault is null || Ledger is null)
            return null;
        var last = _batches.Count == 0 ? null : _batches[^1].Batch.Header;
        return new LiabilityReport(
            NextHeight - 1,
            last?.Number ?? 0,
            _proven == SegmentCount,
            Vault.Balance,
            new Satoshis((long)Ledger.Engine.State.Read(FinanceLeaves.Assets, AssetId.Bitcoin.Value).Supply.Units),
            Sum(FindWithdrawals().Where(static owed => owed.State != WithdrawalState.Paid).Select(static owed => owed.Amount)),
            Sum(_deposits.Skip((int)(last?.DepositCursor ?? 0)).Select(static deposit => deposit.Amount)),
            Sum(_batches.SelectMany(static accepted => accepted.Batch.PassedOver).Select(static deposit => deposit.Amount)));
    }

    /// <summary>What the vault held and owed after the block of each batch, in order, with what is proven by now.</summary>
    public IEnumerable<LiabilityReport> Liabilities =>
        _batches.Select(accepted => accepted.Report! with { IsProven = accepted.FirstSegment + (ulong)accepted.Batch.Segments.Count <= _proven });

    /// <summary>Shows it the next block.</summary>
    public void Connect(int height, Block block)
    {
        foreach (var seen in _follower.Connect(height, block))
        {
            switch (seen)
            {
                case AnchorSeen.Began began:
                    Ledger = RollupLedger.Genesis(began.Genesis.KeyRoot, began.Genesis.Key);
                    _genesisRoot = Ledger.Root;
                    Vault = new VaultFollower(StandardScripts.P2tr(began.Genesis.Vault.Span), began.Rollup);
                    break;
                case AnchorSeen.Posted posted:
                    _posts.Add(posted.Post);
                    break;
                case AnchorSeen.Deposited deposited:
                    _deposits.Add(deposited.Deposit);
                    break;
                case AnchorSeen.Batch batch when Judge(batch) is { } refusal:
                    _refused.Add(new RefusedBatch(batch.Height, batch.Transaction, refusal));
                    break;
                case AnchorSeen.Garbage garbage:
                    _refused.Add(new RefusedBatch(garbage.Height, garbage.Transaction, garbage.Why));
                    break;
            }
        }

        Vault?.Connect(height, block);
        foreach (var accepted in _batches.Where(accepted => accepted.AnchoredAt == height))
            accepted.Report = ReportLiabilities();
    }

    /// <summary>Takes the last block back, with all that it held.</summary>
    public void Disconnect(int height)
    {
        _follower.Disconnect(height);
        while (_batches.Count > 0 && _batches[^1].AnchoredAt >= height)
        {
            Ledger!.Revert(_batches[^1].Before);
            _proven = Math.Min(_proven, _batches[^1].FirstSegment);
            _batches.RemoveAt(_batches.Count - 1);
        }

        _ = _posts.RemoveAll(post => post.Height >= height);
        _ = _deposits.RemoveAll(deposit => deposit.Height >= height);
        _ = _refused.RemoveAll(refused => refused.Height >= height);
        Vault?.Disconnect(height);
        if (_follower.Beginning is null)
            (Ledger, Vault) = (null, null);
    }

    /// <summary>The next segment without a proof; null where all are proven.</summary>
    public ReplayedSegment? NextToProve => _proven < SegmentCount ? SegmentAt(_proven) : null;

    /// <summary>Hands in a proof of <see cref="NextToProve"/>.</summary>
    /// <returns>Null where it holds, or why it does not: the proven state stays where it is.</returns>
    public Refusal? Prove(ReadOnlyMemory<byte> proof)
    {
        if (NextToProve is not { } segment)
            return new Refusal("proof", "every segment on Bitcoin is proven already");
        if (_follower.Beginning!.Genesis.VerificationKey != verifier.Key.Digest)
            return new Refusal("verifying_key", "is another than the one the rollup was begun with");
        if (!verifier.Verify(segment.Statement(verifier.Key.Digest), segment.Body.Span, proof, segment.Posts).TryGet(out _, out var refusal))
            return refusal;
        _proven++;
        return null;
    }

    private Refusal? Judge(AnchorSeen.Batch seen)
    {
        var beginning = _follower.Beginning!;
        var before = _batches.Count == 0 ? null : _batches[^1].Batch.Header;
        if (BatchRules.Check(seen.Header, seen.Height, before, _genesisRoot, _follower) is { } misfit)
            return misfit;
        var due = new BatchDues(
            before?.Height ?? (uint)beginning.Height,
            new ForcedQueuePoint(before?.ForcedDigest ?? ForcedPost.EmptyQueue, before?.ForcedCursor ?? 0),
            _posts[(int)(before?.ForcedCursor ?? 0)..(int)seen.Header.ForcedCursor],
            _deposits[(int)(before?.DepositCursor ?? 0)..(int)seen.Header.DepositCursor]);
        var mark = Ledger!.Mark();
        var first = SegmentCount;
        if (!new BatchReplay(beginning.Rollup, Ledger).Run(seen.Header, seen.Body, due, height => _follower.BlockAt(height)?.Value, first).TryGet(out var batch, out var refusal))
            return refusal;
        _batches.Add(new Accepted(seen.Height, mark, first, batch with { AnchoredAt = seen.Height }));
        return null;
    }

    private ReplayedSegment SegmentAt(ulong number)
    {
        var accepted = _batches.FindLast(batch => batch.FirstSegment <= number)!;
        return accepted.Batch.Segments[(int)(number - accepted.FirstSegment)];
    }

    private static Satoshis Sum(IEnumerable<Satoshis> amounts) => amounts.Aggregate(Satoshis.Zero, static (sum, amount) => sum + amount);

    private sealed record Accepted(int AnchoredAt, Checkpoint Before, ulong FirstSegment, ReplayedBatch Batch)
    {
        public LiabilityReport? Report { get; set; }
    }
}
