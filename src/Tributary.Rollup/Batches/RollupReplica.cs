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
/// safe for several threads. It keeps what every batch changed until that is settled, so without <see cref="Settle"/> its memory grows with the rollup's history.
/// </summary>
/// <param name="firstHeight">The height of the first block that it will be shown.</param>
/// <param name="rollup">The rollup; null for the first that begins.</param>
/// <param name="verifier">Checks proofs: one whose key the rollup was begun with.</param>
public sealed class RollupReplica(int firstHeight, Bytes32? rollup, SegmentVerifier verifier)
{
    private const int RefusedMax = 1_000;

    private readonly List<SettledWithdrawal> _settled = [];
    private AnchorFollower _follower = new(firstHeight, rollup);
    private BatchHeader? _lastSettled;
    private ulong _segmentsSettled;
    private Satoshis _passedOver = Satoshis.Zero;
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

    /// <summary>The last height that is settled: its block and those before are not taken back. Below the first that was shown where none is.</summary>
    public int SettledHeight { get; private set; } = firstHeight - 1;

    /// <summary>The last batch that counts; null for none.</summary>
    public BatchHeader? Last => _batches.Count == 0 ? _lastSettled : _batches[^1].Batch.Header;

    /// <summary>The last batch with all of its proofs; 0 for none.</summary>
    public ulong ProvenBatch =>
        _batches.FindLast(accepted => accepted.FirstSegment + (ulong)accepted.Batch.Segments.Count <= _proven)?.Batch.Header.Number ?? _lastSettled?.Number ?? 0;

    /// <summary>Withdrawals that are paid and settled: they are listed no more.</summary>
    public int PaidBefore { get; private set; }

    /// <summary>The batches that count and are not settled, in order.</summary>
    public IEnumerable<ReplayedBatch> Batches => _batches.Select(static accepted => accepted.Batch);

    /// <summary>What stood in the place of a batch and does not count, with the reason.</summary>
    public IReadOnlyList<RefusedBatch> Refused => _refused;

    /// <summary>The vault's coins and payouts; null until the rollup has begun.</summary>
    public VaultFollower? Vault { get; private set; }

    /// <summary>Every forced post up to the last block, but for those that settled batches consumed.</summary>
    public IReadOnlyList<ForcedPost> Posts => _posts;

    /// <summary>Every deposit up to the last block, but for those that settled batches took.</summary>
    public IReadOnlyList<SeenDeposit> Deposits => _deposits;

    /// <summary>Segments so far.</summary>
    public ulong SegmentCount => _batches.Count == 0 ? _segmentsSettled : _batches[^1].FirstSegment + (ulong)_batches[^1].Batch.Segments.Count;

    /// <summary>How many segments, from the first on, have been proven.</summary>
    public ulong ProvenSegments => _proven;

    /// <summary>The root that proofs lead to: as much as can be relied on.</summary>
    public TreeDigest ProvenRoot => _proven == _segmentsSettled ? _lastSettled?.RootAfter ?? _genesisRoot : SegmentAt(_proven - 1).RootAfter;

    /// <summary>Every withdrawal by number, with what has become of it.</summary>
    public IReadOnlyList<OwedWithdrawal> FindWithdrawals() => Vault is null ? [] : WithdrawalBook.Match(
        [.. _settled.Select(static one => (one.What, one.Batch, one.AnchoredAt, true)), .. _batches.SelectMany(accepted => accepted.Batch.Segments.SelectMany(segment => segment.Withdrawals.Select(
            what => (what, accepted.Batch.Header.Number, accepted.AnchoredAt, segment.Number < _proven))))],
        Vault.Spends);

    /// <summary>What the vault holds and owes after the last block; null until the rollup has begun.</summary>
    public LiabilityReport? ReportLiabilities()
    {
        if (Vault is null || Ledger is null)
            return null;
        var last = Last;
        return new LiabilityReport(
            NextHeight - 1,
            last?.Number ?? 0,
            _proven == SegmentCount,
            Vault.Balance,
            new Satoshis((long)Ledger.Engine.State.Read(FinanceLeaves.Assets, AssetId.Bitcoin.Value).Supply.Units),
            Sum(FindWithdrawals().Where(static owed => owed.State != WithdrawalState.Paid).Select(static owed => owed.Amount)),
            Sum(_deposits.Skip((int)((last?.DepositCursor ?? 0) - (_lastSettled?.DepositCursor ?? 0))).Select(static deposit => deposit.Amount)),
            _passedOver + Sum(_batches.SelectMany(static accepted => accepted.Batch.PassedOver).Select(static deposit => deposit.Amount)));
    }

    /// <summary>What the vault held and owed after the block of each batch that is not settled, in order, with what is proven by now.</summary>
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

    /// <summary>Takes the last block back, with all that it held; one that is not settled.</summary>
    public void Disconnect(int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(height, SettledHeight);
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

    /// <summary>The batch that a segment stands in; 0 for one that is settled, or unknown.</summary>
    public ulong BatchOf(ulong segment) =>
        segment >= SegmentCount ? 0 : _batches.FindLast(accepted => accepted.FirstSegment <= segment)?.Batch.Header.Number ?? 0;

    /// <summary>Goes on from what was settled.</summary>
    /// <param name="from">What was settled; its state is the ledger's.</param>
    /// <param name="ledger">The state; null before the beginning.</param>
    /// <param name="rollup">The rollup; null for the first that begins.</param>
    /// <param name="verifier">Checks proofs.</param>
    internal static RollupReplica Resume(ReplicaBase from, RollupLedger? ledger, Bytes32? rollup, SegmentVerifier verifier)
    {
        var replica = new RollupReplica(from.Height + 1, rollup, verifier) { _follower = AnchorFollower.Resume(from, rollup), Ledger = ledger };
        if (from.Beginning is not { } beginning)
            return replica;
        replica._genesisRoot = RollupLedger.Genesis(beginning.Genesis.KeyRoot, beginning.Genesis.Key).Root;
        (replica._lastSettled, replica._segmentsSettled, replica._proven) = (from.Last, from.Segments, from.Segments);
        (replica._passedOver, replica.PaidBefore) = (from.PassedOver, from.PaidBefore);
        replica._settled.AddRange(from.Withdrawals);
        replica._posts.AddRange(from.WaitingPosts);
        replica._deposits.AddRange(from.WaitingDeposits);
        replica._refused.AddRange(from.Refused);
        replica.Vault = VaultFollower.Resume(from.Vault!, StandardScripts.P2tr(beginning.Genesis.Vault.Span), beginning.Rollup);
        return replica;
    }

    /// <summary>
    /// Settles what is proven and lies deep: it is not taken back any more, and all is forgotten that no later block can ask for.
    /// </summary>
    /// <param name="depth">Blocks on top of the last one that is settled.</param>
    /// <returns>What a replica can go on from; null where nothing more is settled than before.</returns>
    internal ReplicaBase? Settle(int depth)
    {
        var height = NextHeight - 1 - depth;
        if (_batches.Find(accepted => accepted.FirstSegment + (ulong)accepted.Batch.Segments.Count > _proven) is { } unproven)
            height = Math.Min(height, unproven.AnchoredAt - 1);
        if (height <= SettledHeight || _follower.Beginning?.Height > height)
            return null;
        var count = _batches.FindIndex(accepted => accepted.AnchoredAt > height) is var first and >= 0 ? first : _batches.Count;
        var paid = FindWithdrawals().TakeWhile(one => one.State == WithdrawalState.Paid && one.PaidAt <= height && one.AnchoredAt <= height).Count();
        SettledHeight = height;
        if (Ledger is not null)
            SettleBatches(count, paid);
        var (last, blocks) = (_lastSettled, _follower.Blocks((int?)_lastSettled?.Height ?? _follower.Beginning?.Height ?? height, height));
        _follower.Settle(height, last);
        if (_refused.Count > RefusedMax)
            _refused.RemoveRange(0, _refused.Count - RefusedMax);
        return new ReplicaBase
        {
            Height = height,
            Blocks = blocks,
            Beginning = _follower.Beginning,
            Anchor = _follower.AnchorAfter(height),
            Last = last,
            Segments = _segmentsSettled,
            WaitingPosts = [.. _posts.TakeWhile(post => post.Height <= height)],
            WaitingDeposits = [.. _deposits.TakeWhile(deposit => deposit.Height <= height)],
            PassedOver = _passedOver,
            Withdrawals = [.. _settled],
            PaidBefore = PaidBefore,
            Refused = [.. _refused.Where(refused => refused.Height <= height)],
            Vault = Vault?.Settle(height, (ulong)PaidBefore + 1),
            State = Ledger is null ? default : StateSnapshot.Write(Ledger.Engine.State, _batches.Count == 0 ? Ledger.Mark() : _batches[0].Before),
        };
    }

    // The first batches, and the first withdrawals, which are paid.
    private void SettleBatches(int count, int paid)
    {
        var batches = _batches[..count];
        if (count > 0)
        {
            (_lastSettled, _segmentsSettled) = (batches[^1].Batch.Header, batches[^1].FirstSegment + (ulong)batches[^1].Batch.Segments.Count);
            _passedOver += Sum(batches.SelectMany(static accepted => accepted.Batch.PassedOver).Select(static deposit => deposit.Amount));
            _posts.RemoveRange(0, _posts.Count(post => post.Number < _lastSettled.ForcedCursor));
            _deposits.RemoveRange(0, _deposits.Count(deposit => deposit.Number <= _lastSettled.DepositCursor));
            _settled.AddRange(batches.SelectMany(static accepted => accepted.Batch.Segments.SelectMany(segment => segment.Withdrawals.Select(
                what => new SettledWithdrawal(what, accepted.Batch.Header.Number, accepted.AnchoredAt)))));
            _batches.RemoveRange(0, count);
        }

        _settled.RemoveRange(0, paid);
        PaidBefore += paid;
        Ledger!.Engine.State.ForgetBefore(_batches.Count == 0 ? Ledger.Mark() : _batches[0].Before);
    }

    private Refusal? Judge(AnchorSeen.Batch seen)
    {
        var beginning = _follower.Beginning!;
        var before = Last;
        if (BatchRules.Check(seen.Header, seen.Height, before, _genesisRoot, _follower) is { } misfit)
            return misfit;
        var due = new BatchDues(
            before?.Height ?? (uint)beginning.Height,
            new ForcedQueuePoint(before?.ForcedDigest ?? ForcedPost.EmptyQueue, before?.ForcedCursor ?? 0),
            Between(_posts, _lastSettled?.ForcedCursor ?? 0, before?.ForcedCursor ?? 0, seen.Header.ForcedCursor),
            Between(_deposits, _lastSettled?.DepositCursor ?? 0, before?.DepositCursor ?? 0, seen.Header.DepositCursor));
        var mark = Ledger!.Mark();
        var first = SegmentCount;
        if (!new BatchReplay(beginning.Rollup, Ledger).Run(seen.Header, seen.Body, due, height => _follower.BlockAt(height)?.Value, first).TryGet(out var batch, out var refusal))
            return refusal;
        _batches.Add(new Accepted(seen.Height, mark, first, batch with { AnchoredAt = seen.Height }));
        return null;
    }

    private static List<T> Between<T>(List<T> list, ulong before, ulong from, ulong to) => list[(int)(from - before)..(int)(to - before)];

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
