using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests.State;

public sealed class StateTreeTests
{
    private static readonly KeyParameters Key = new(KeyParameters.Xmss, 20);

    /// <summary>The root by the definition: halves, down to single leaves.</summary>
    private static TreeDigest Define(SortedDictionary<ulong, TreeDigest> leaves)
    {
        (ulong Index, TreeDigest Digest)[] all = [.. leaves.Select(static pair => (pair.Key, pair.Value))];
        return Node(all, StateAddress.Depth);

        static TreeDigest Node(ReadOnlySpan<(ulong Index, TreeDigest Digest)> leaves, int height)
        {
            if (leaves.IsEmpty)
                return TreeHash.Empty(height);
            if (height == 0)
                return leaves[0].Digest;
            var split = 0;
            while (split < leaves.Length && ((leaves[split].Index >> (height - 1)) & 1) == 0)
                split++;
            return TreeHash.Node(Node(leaves[..split], height - 1), Node(leaves[split..], height - 1));
        }
    }

    private static LeafKey Draw(TestRandom random, int accounts, int assets) => random.Next(12) switch
    {
        0 => new LeafKey(LeafKind.Counters, 0),
        1 => new LeafKey(LeafKind.Asset, (ulong)random.Next(assets)),
        2 or 3 => new LeafKey(LeafKind.Htlc, (ulong)random.Next(5000)),
        < 7 => new LeafKey(LeafKind.Account, (ulong)random.Next(accounts)),
        _ => new LeafKey(LeafKind.Balance, LeafKey.Pair((uint)random.Next(accounts), (uint)random.Next(assets))),
    };

    [Theory]
    [InlineData(3, 2047, 1)]
    [InlineData(3000, 3, 2)]
    [InlineData(268_435_456, 2047, 3)]
    [InlineData(40, 40, 4)]
    public void The_root_is_that_of_the_definition_after_every_batch(int accounts, int assets, ulong seed)
    {
        var random = new TestRandom(seed);
        var tree = new StateTree();
        var leaves = new SortedDictionary<ulong, TreeDigest>();
        Assert.Equal(TreeHash.Empty(StateAddress.Depth), tree.Root);
        for (var round = 0; round < 25; round++)
        {
            var batch = new LeafBatch();
            for (var count = random.Next(80); count > 0; count--)
            {
                var key = Draw(random, accounts, assets);
                var value = random.Next(3) == 0 ? [] : random.Bytes(1 + random.Next(110));
                batch.Take(key, default, value);
                var index = StateAddress.Find(key).Value;
                if (value.Length == 0)
                    leaves.Remove(index);
                else
                    leaves[index] = TreeHash.Leaf(key.Kind, value);
            }

            Assert.Null(tree.Apply(batch));
            Assert.Equal(Define(leaves), tree.Root);
        }
    }

    [Fact]
    public void A_leaf_that_goes_leaves_the_tree_as_it_was()
    {
        var random = new TestRandom(9);
        var tree = new StateTree();
        var first = new LeafBatch();
        for (var i = 0; i < 300; i++)
            first.Take(Draw(random, 50, 50), default, random.Bytes(20));
        Assert.Null(tree.Apply(first));
        var root = tree.Root;
        foreach (var key in (LeafKey[])[new(LeafKind.Account, 77), new(LeafKind.Balance, LeafKey.Pair(5, 1999)), new(LeafKind.Htlc, 1UL << 37)])
        {
            var batch = new LeafBatch();
            batch.Take(key, default, [1]);
            Assert.Null(tree.Apply(batch));
            Assert.NotEqual(root, tree.Root);
            batch.Clear();
            batch.Take(key, [1], default);
            Assert.Null(tree.Apply(batch));
            Assert.Equal(root, tree.Root);
        }
    }

    [Fact]
    public void Paths_lead_to_the_root_and_show_what_is_not_there()
    {
        var random = new TestRandom(10);
        var tree = new StateTree();
        var values = new Dictionary<LeafKey, byte[]>();
        var batch = new LeafBatch();
        for (var i = 0; i < 200; i++)
        {
            var key = Draw(random, 30, 100);
            batch.Take(key, default, values[key] = random.Bytes(16));
        }

        Assert.Null(tree.Apply(batch));
        foreach (var key in values.Keys.Concat(Enumerable.Range(0, 50).Select(_ => Draw(random, 500, 2000))))
        {
            var path = tree.Open(key).Value;
            Assert.Equal(values.TryGetValue(key, out var value) ? TreeHash.Leaf(key.Kind, value) : TreeHash.Empty(0), path.Leaf);
            Assert.True(path.Leads(tree.Root));
            Assert.Equal(path.Leaf == path.Siblings[0], (path with { Index = path.Index ^ 1 }).Leads(tree.Root));
            Assert.False((path with { Leaf = TreeHash.Leaf(key.Kind, [9]) }).Leads(tree.Root));
            Assert.False((path with { Siblings = [.. path.Siblings.Take(39)] }).Leads(tree.Root));

            // One row of a proof: the old root and the new one with the same siblings.
            var change = new LeafBatch();
            change.Take(key, default, [5, 6]);
            Assert.Null(tree.Apply(change));
            Assert.Equal(path.RootWith(TreeHash.Leaf(key.Kind, [5, 6])), tree.Root);
            values[key] = [5, 6];
        }
    }

    [Fact]
    public void The_tree_follows_the_engine_and_can_be_built_from_its_state()
    {
        var engine = new FinanceEngine(ModuleTable.Provable, FinanceEngine.Genesis(ModuleTable.Provable, Root(1), Key));
        var tree = StateTree.Build(engine.State).Value;
        var system = new OperationContext(1, OperationSource.System);
        var batch = new LeafBatch();
        var mark = engine.State.Mark();
        for (var i = 0u; i < 40; i++)
        {
            Assert.True(engine.Apply(system, new OperationRequest(new RegisterAccount(Root(i + 2), Key), null)).IsAccepted);
            Assert.True(engine.Apply(system, new OperationRequest(new Deposit(i + 1, AssetId.Bitcoin, new AccountId(i + 2), 1000), null)).IsAccepted);
        }

        engine.State.ReadChanges(mark, batch);
        Assert.Null(tree.Apply(batch));
        Assert.Equal(StateTree.Build(engine.State).Value.Root, tree.Root);

        // Operation by operation: the last change of a leaf counts.
        batch.Clear();
        for (var i = 0u; i < 60; i++)
        {
            mark = engine.State.Mark();
            var payer = new AccountId(2 + (i % 7));
            var request = new OperationRequest(new Transfer(AssetId.Bitcoin, new AccountId(20), 100), new Authorisation(payer, i, 1, 9));
            engine.Apply(new OperationContext(1, OperationSource.Sequencer), request);
            engine.State.ReadChanges(mark, batch);
        }

        Assert.Null(tree.Apply(batch));
        Assert.Equal(StateTree.Build(engine.State).Value.Root, tree.Root);
    }

    [Fact]
    public void Leaves_without_a_place_are_refused()
    {
        foreach (var key in (LeafKey[])
        [
            new(LeafKind.Account, StateAddress.AccountLimit), new(LeafKind.Balance, LeafKey.Pair(StateAddress.AccountLimit, 0)),
            new(LeafKind.Balance, LeafKey.Pair(0, StateAddress.AssetLimit)), new(LeafKind.Asset, StateAddress.AssetLimit),
            new(LeafKind.Htlc, StateAddress.HtlcLimit), new(LeafKind.Pool, 1), new(LeafKind.PoolSettings, 0), new(LeafKind.Counters, 1),
        ])
        {
            var tree = new StateTree();
            var batch = new LeafBatch();
            batch.Take(key, default, [1]);
            Assert.Equal("leaf", tree.Apply(batch)!.Field);
            Assert.Equal("leaf", tree.Open(key).Error.Field);
        }
    }

    [Fact]
    public void No_two_leaves_share_an_index()
    {
        var random = new TestRandom(11);
        var seen = new Dictionary<ulong, LeafKey>();
        for (var i = 0; i < 100_000; i++)
        {
            var key = Draw(random, i % 2 == 0 ? 300 : 1 << 28, 2047);
            var index = StateAddress.Find(key).Value;
            Assert.Equal(0UL, index >> StateAddress.Depth);
            Assert.True(seen.TryAdd(index, key) || seen[index] == key);
        }
    }

    [Fact]
    public void Kind_length_and_content_each_change_a_leaf()
    {
        TreeDigest[] digests =
        [
            TreeHash.Empty(0), TreeHash.Leaf(LeafKind.Account, [0]), TreeHash.Leaf(LeafKind.Balance, [0]), TreeHash.Leaf(LeafKind.Balance, [0, 0]),
            TreeHash.Leaf(LeafKind.Balance, [1]), TreeHash.Leaf(LeafKind.Balance, new byte[48]), TreeHash.Leaf(LeafKind.Balance, new byte[49]),
            TreeHash.Leaf(LeafKind.Balance, new byte[96]), TreeHash.Leaf(LeafKind.Balance, [.. new byte[95], 1]), TreeHash.Empty(1),
        ];
        Assert.Equal(digests.Length, digests.Distinct().Count());
        Assert.Equal(TreeHash.Empty(0), TreeHash.Leaf(LeafKind.Balance, []));
        foreach (var digest in digests)
        {
            Assert.True(TreeDigest.TryFromBytes32(digest.ToBytes32(), out var read));
            Assert.Equal(digest, read);
        }

        Assert.False(TreeDigest.TryFromBytes32(new Bytes32([.. Enumerable.Repeat((byte)0xff, 32)]), out _));
    }

    private static Bytes32 Root(uint number) => new([.. BitConverter.GetBytes(number), .. new byte[27], 1]);
}
