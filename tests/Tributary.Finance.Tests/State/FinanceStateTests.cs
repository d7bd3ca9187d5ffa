using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.State;
using Tributary.Finance.Tests.Properties;
using Tributary.Testing;

namespace Tributary.Finance.Tests.State;

public sealed class FinanceStateTests
{
    private static FinanceEngine Campaign(int operations)
    {
        var engine = new FinanceEngine(ModuleTable.All, FinanceEngine.Genesis(ModuleTable.All, Bank.Root(1), Bank.Key));
        var generator = new OperationGenerator(engine.State, 77);
        for (var i = 0; i < operations; i++)
        {
            var (context, request) = generator.Next();
            engine.Apply(context, request);
        }

        return engine;
    }

    [Fact]
    public void A_snapshot_brings_the_state_back()
    {
        var state = Campaign(3000).State;
        var bytes = StateSnapshot.Write(state);
        var read = StateSnapshot.Read(ModuleTable.All.Leaves, bytes);
        Assert.True(read.IsOk, read.ToString());
        Assert.Equal(StateSnapshot.Digest(state), StateSnapshot.Digest(read.Value));
        Assert.Equal(bytes, StateSnapshot.Write(read.Value));
        Assert.Equal(state.Count, read.Value.Count);
        Assert.Equal("leaf", StateSnapshot.Read(ModuleTable.Provable.Leaves, bytes).Error.Field);
    }

    [Fact]
    public void Only_canonical_snapshots_are_taken()
    {
        var bytes = StateSnapshot.Write(FinanceEngine.Genesis(ModuleTable.All, Bank.Root(1), Bank.Key));
        Assert.False(StateSnapshot.Read(ModuleTable.All.Leaves, [2, .. bytes[1..]]).IsOk);
        Assert.False(StateSnapshot.Read(ModuleTable.All.Leaves, [.. bytes, 0]).IsOk);
        Assert.False(StateSnapshot.Read(ModuleTable.All.Leaves, [.. bytes, .. bytes[1..]]).IsOk);
        Assert.False(StateSnapshot.Read(ModuleTable.All.Leaves, [.. bytes, (byte)LeafKind.Balance, .. new byte[24]]).IsOk);
        Fuzz.Run([bytes, StateSnapshot.Write(Campaign(300).State)], static input =>
        {
            if (StateSnapshot.Read(ModuleTable.All.Leaves, input).TryGet(out var state))
                Assert.True(input.SequenceEqual(StateSnapshot.Write(state)));
        }, limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 65536));
    }

    [Fact]
    public void The_digest_does_not_depend_on_how_the_state_came_about()
    {
        var bank = new Bank();
        var other = new Bank();
        bank.Fund(Bank.Alice, 10);
        bank.Fund(Bank.Bob, 10);
        other.Fund(Bank.Bob, 10);
        other.Fund(Bank.Alice, 10);
        Assert.Equal(StateSnapshot.Digest(bank.State), StateSnapshot.Digest(other.State));
        var before = StateSnapshot.Digest(bank.State);
        var mark = bank.State.Mark();
        var index = bank.NextIndex(Bank.Alice);
        Bank.Accept(bank.Ask(Bank.Alice, new Finance.Transfers.Transfer(AssetId.Bitcoin, Bank.Carol, 10)));
        Assert.NotEqual(before, StateSnapshot.Digest(bank.State));
        bank.State.Undo(mark);
        Assert.Equal(index, bank.NextIndex(Bank.Alice));
        Assert.Equal(before, StateSnapshot.Digest(bank.State));
    }

    [Fact]
    public void Keys_order_as_their_bytes_do()
    {
        var random = new TestRandom(5);
        Span<byte> left = stackalloc byte[LeafKey.Length], right = stackalloc byte[LeafKey.Length];
        for (var i = 0; i < 1000; i++)
        {
            var (a, b) = (Draw(), Draw());
            a.Write(left);
            b.Write(right);
            Assert.Equal(Math.Sign(a.CompareTo(b)), Math.Sign(left.SequenceCompareTo(right)));
            Assert.Equal(a < b, left.SequenceCompareTo(right) < 0);
            Assert.Equal(a >= b, left.SequenceCompareTo(right) >= 0);
        }

        LeafKey Draw() => new((LeafKind)(1 + random.Next(7)), random.NextUInt64() >> random.Next(64));
    }

    [Fact]
    public void Kinds_of_leaf_are_distinct_and_known() =>
        Assert.Throws<ArgumentException>(static () => new FinanceState([FinanceLeaves.Assets, FinanceLeaves.Assets]));
}
