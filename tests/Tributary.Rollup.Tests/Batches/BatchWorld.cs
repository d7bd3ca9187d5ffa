using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Amounts;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.Tests.Anchoring;
using Tributary.Rollup.Tests.Proving;

namespace Tributary.Rollup.Tests.Batches;

/// <summary>An operator who makes batches on a ledger of his own and anchors them, and a replica that sees Bitcoin alone.</summary>
internal sealed class BatchWorld : IAsyncDisposable
{
    private readonly Dictionary<uint, uint> _indices = [];
    private int _shown;
    private Checkpoint _made;

    private BatchWorld(AnchorWorld chain) => Chain = chain;

    internal AnchorWorld Chain { get; }

    internal RollupLedger Ledger { get; private set; } = RollupLedger.Genesis(TestRollup.Keys[0].PublicKey.Root, TestRollup.Keys[0].PublicKey.Parameters);

    internal RollupReplica Replica { get; } = new(1, null, WeakProofs.Verifier);

    internal List<Segment> Segments { get; } = [];

    internal BatchHeader? Last { get; set; }

    internal static async Task<BatchWorld> CreateAsync(ITestChain? chain = null)
    {
        var world = new BatchWorld(await AnchorWorld.CreateAsync(chain));
        await world.Chain.BeginAsync();
        world.Show();
        return world;
    }

    /// <summary>An operation signed under the account's next index.</summary>
    internal (OperationRequest Request, byte[] Signature) Sign(uint account, Operation operation, uint expiry = uint.MaxValue)
    {
        var index = _indices.GetValueOrDefault(account);
        _indices[account] = index + 1;
        var request = new OperationRequest(operation, new Authorisation(new AccountId(account), index, 3, expiry));
        return (request, TestRollup.KeyOf(account).Sign(index, OperationDigest.Compute(Chain.Rollup, request)).Value);
    }

    /// <summary>Makes a batch of one segment with all that is due up to the tip, and what the caller adds.</summary>
    internal (BatchHeader Header, byte[] Body) Make(Action<SegmentBuilder> fill)
    {
        var height = Chain.Follower.NextHeight - 1;
        var posts = Chain.Follower.PostsUpTo(height);
        var before = Ledger.Root;
        _made = Ledger.Mark();
        var point = new ForcedQueuePoint(Last?.ForcedDigest ?? ForcedPost.EmptyQueue, Last?.ForcedCursor ?? 0);
        var block = Chain.Follower.BlockAt(height)!.Value;
        var builder = new SegmentBuilder(new SegmentContext(Chain.Rollup, (ulong)Segments.Count, (uint)height, block.Value, point), Ledger.Engine, Ledger.Tree);
        foreach (var post in Chain.Seen.OfType<AnchorSeen.Posted>().Skip((int)(Last?.ForcedCursor ?? 0)))
            Assert.NotNull(builder.TryConsume(post.Post));
        fill(builder);
        foreach (var seen in Chain.Seen.OfType<AnchorSeen.Deposited>().Skip((int)(Last?.DepositCursor ?? 0)))
        {
            var next = Ledger.Engine.State.Read(FinanceLeaves.Counters, 0).NextDeposit;
            if (Ledger.IsRegistered(seen.Deposit.To))
                Assert.Null(builder.Add(new OperationRequest(new Deposit(next, AssetId.Bitcoin, seen.Deposit.To, (ulong)seen.Deposit.Amount.Value), null), []).Refusal);
        }

        var segment = builder.Close();
        Segments.Add(segment);
        var body = new BatchBody([segment.Body]).Write();
        var header = new BatchHeader(
            Chain.Rollup, (Last?.Number ?? 0) + 1, before, segment.RootAfter, (uint)height, block, posts, Chain.Follower.QueueDigest(posts)!.Value,
            Chain.Follower.DepositsUpTo(height), 1, SegmentStatement.DigestOf(body));
        return (header, body);
    }

    /// <summary>Takes the operator's ledger back to a batch that counts: a later one was refused.</summary>
    internal void Forget(BatchHeader last)
    {
        Ledger.Revert(_made);
        Segments.RemoveAt(Segments.Count - 1);
        Last = last;
    }

    internal async Task AnchorAsync(BatchHeader header, byte[] body)
    {
        await Chain.SendBatchAsync(header, body);
        await MineAsync(1);
        Last = header;
    }

    internal async Task MineAsync(int count)
    {
        await Chain.MineAsync(count);
        Show();
    }

    /// <summary>Shows the replica what has changed.</summary>
    internal void Show()
    {
        while (_shown > 0 && (_shown > Chain.Blocks.Count || Replica.Chain.BlockAt(_shown) != Chain.Blocks[_shown - 1].Hash))
            Replica.Disconnect(_shown--);
        for (; _shown < Chain.Blocks.Count; _shown++)
            Replica.Connect(_shown + 1, Chain.Blocks[_shown]);
    }

    /// <summary>Users from account 2 on, with 50,000 satoshis each, in one batch.</summary>
    internal async Task AddUsersAsync(int count)
    {
        for (var i = 0u; i < count; i++)
            await Chain.DepositAsync(new Satoshis(50_000), new AccountId(2 + i));
        await MineAsync(1);
        var (header, body) = Make(builder =>
        {
            for (var i = 0u; i < count; i++)
            {
                var key = TestRollup.KeyOf(2 + i).PublicKey;
                Assert.Null(builder.Add(new OperationRequest(new RegisterAccount(key.Root, key.Parameters), null), []).Refusal);
            }
        });
        await AnchorAsync(header, body);
    }

    internal void Pay(SegmentBuilder builder, uint from, uint to, ulong amount)
    {
        var (request, signature) = Sign(from, new Transfer(AssetId.Bitcoin, new AccountId(to), amount));
        Assert.Null(builder.Add(request, signature).Refusal);
    }

    internal Task PostAsync(byte[] operation) => Chain.PostAsync(
        new Envelope(EnvelopeKind.Forced, ForcedPost.Payload(Chain.Rollup, operation), Chain.StrangerKey), null, makesAnchor: false);

    internal ulong BalanceOf(uint account) =>
        (ulong)Replica.Ledger!.Engine.State.Read(FinanceLeaves.Balances, BalanceLeaf.Address(new AccountId(account), AssetId.Bitcoin)).Amount.Units;

    public ValueTask DisposeAsync() => Chain.DisposeAsync();
}
