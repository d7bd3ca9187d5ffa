using System.Numerics;
using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.Pools;
using Tributary.Finance.State;

namespace Tributary.Finance.Tests.Properties;

/// <summary>
/// What holds whatever is asked of the engine. TRIBUTARY_FINANCE_OPERATIONS sets how many operations are drawn (100,000),
/// TRIBUTARY_FUZZ_SEED another stream of them.
/// </summary>
public sealed class RandomOperationsTests
{
    private static readonly int Operations = Number("TRIBUTARY_FINANCE_OPERATIONS", 100_000);

    private static readonly ulong Seed = (ulong)Number("TRIBUTARY_FUZZ_SEED", 1);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    private static FinanceEngine NewEngine() => new(ModuleTable.All, FinanceEngine.Genesis(ModuleTable.All, Bank.Root(1), Bank.Key));

    [Fact]
    public void Money_is_conserved_changes_are_reported_and_history_replays()
    {
        var engine = NewEngine();
        var generator = new OperationGenerator(engine.State, Seed);
        var ledger = new Ledger();
        engine.State.ReadAll(ledger);
        var history = new List<(OperationContext Context, byte[] Bytes, bool Accepted, bool Spent)>(Operations);
        var accepted = new Dictionary<OperationCode, int>();
        for (var i = 0; i < Operations; i++)
        {
            var (context, request) = generator.Next();
            var mark = engine.State.Mark();
            var outcome = engine.Apply(context, request);
            engine.State.ReadChanges(mark, ledger);
            ledger.AssertConserved();
            history.Add((context, OperationCodec.Write(request), outcome.IsAccepted, outcome.IndexSpent));
            Assert.Equal(outcome.IsAccepted, outcome.Events.Count > 0);
            if (outcome.IsAccepted)
                accepted[request.Operation.Code] = accepted.GetValueOrDefault(request.Operation.Code) + 1;
            else if (!outcome.IndexSpent)
                engine.State.ReadChanges(mark, NoChange.Instance);
            if (i % 1000 == 999)
                engine.State.Forget();
        }

        // The campaign is worth something only if it gets everywhere.
        foreach (var handler in ModuleTable.All.Operations)
        {
            var least = handler.Code is OperationCode.CreateAsset or OperationCode.CreatePool or OperationCode.RegisterAccount ? 5 : Operations / 2000;
            Assert.True(accepted.GetValueOrDefault(handler.Code) >= least, $"{handler.Code} was accepted {accepted.GetValueOrDefault(handler.Code)} times: {string.Join(", ", accepted)}");
        }

        var all = new Copy();
        engine.State.ReadAll(all);
        Assert.Equal(ledger.Leaves.Count, all.Leaves.Count);
        foreach (var (key, value) in all.Leaves)
            Assert.Equal(value, ledger.Leaves[key]);

        var replay = NewEngine();
        foreach (var (context, bytes, wasAccepted, spent) in history)
        {
            var read = OperationCodec.Read(ModuleTable.All, bytes);
            Assert.True(read.IsOk, read.ToString());
            var outcome = replay.Apply(context, read.Value);
            Assert.Equal((wasAccepted, spent), (outcome.IsAccepted, outcome.IndexSpent));
        }

        Assert.Equal(StateSnapshot.Write(engine.State), StateSnapshot.Write(replay.State));
    }

    [Fact]
    public void Any_run_of_operations_can_be_taken_back()
    {
        var engine = NewEngine();
        var generator = new OperationGenerator(engine.State, Seed + 1);
        var random = new TestRandom(Seed + 2);
        for (var i = 0; i < Operations / 10;)
        {
            var before = StateSnapshot.Write(engine.State);
            var outer = engine.State.Mark();
            var inner = outer;
            var middle = before;
            var length = 1 + random.Next(60);
            for (var step = 0; step < length; step++, i++)
            {
                if (step == length / 2)
                    (inner, middle) = (engine.State.Mark(), StateSnapshot.Write(engine.State));
                var (context, request) = generator.Next();
                engine.Apply(context, request);
            }

            if (random.OneIn(3))
            {
                engine.State.Undo(inner);
                Assert.Equal(middle, StateSnapshot.Write(engine.State));
            }

            if (random.OneIn(3))
            {
                engine.State.Undo(outer);
                Assert.Equal(before, StateSnapshot.Write(engine.State));
            }
            else if (random.OneIn(3))
            {
                engine.State.Forget();
                Assert.Throws<InvalidOperationException>(() => engine.State.Undo(outer));
            }
        }
    }

    [Fact]
    public void A_share_in_a_pool_never_loses_by_what_others_do()
    {
        var engine = NewEngine();
        var generator = new OperationGenerator(engine.State, Seed + 3);
        var trades = 0;
        for (var i = 0; i < Operations; i++)
        {
            var (context, request) = generator.Next();

            // The protocol's shares are meant to cost the others.
            if (request.Operation is SetPoolFeeRecipient || (request.Operation.Code < OperationCode.CreatePool && i > Operations / 2 && i % 3 != 0))
                continue;
            var key = PoolOf(request.Operation);
            var before = key is { } place ? Value(engine.State, place) : default;
            var outcome = engine.Apply(context, request);
            if (key is not { } pool || !outcome.IsAccepted || before.Supply.IsZero)
                continue;
            var after = Value(engine.State, pool);
            trades++;
            Assert.True(after.Product * before.Supply * before.Supply >= before.Product * after.Supply * after.Supply, $"{request.Operation}");
        }

        Assert.True(trades > Operations / 100, $"{trades}");
    }

    [Fact]
    public void No_sequence_of_trades_makes_something_of_nothing()
    {
        var rounds = Math.Max(50, Operations / 500);
        for (var round = 0; round < rounds; round++)
        {
            var random = new TestRandom(Seed + 100 + (ulong)round);
            var market = new Tests.Pools.UniswapVectorTests.Market();
            var bank = market.Bank;
            market.Add(new Amount(1001 + (random.NextUInt64() >> random.Next(60))), new Amount(1001 + (random.NextUInt64() >> random.Next(60))));
            foreach (var asset in (AssetId[])[market.Asset0, market.Asset1])
                Bank.Accept(bank.Ask(Bank.Alice, new Finance.Transfers.Transfer(asset, Bank.Bob, 1 + (random.NextUInt64() >> random.Next(60)))));
            var start = (bank.Balance(Bank.Bob, market.Asset0), bank.Balance(Bank.Bob, market.Asset1));
            for (var step = 0; step < 200; step++)
            {
                var pool = market.Pool;
                Operation operation = random.Next(10) switch
                {
                    0 => new AddLiquidity(market.Asset0, market.Asset1, Part(market.Asset0), Part(market.Asset1), 0),
                    1 => new RemoveLiquidity(market.Asset0, market.Asset1, Part(pool.Liquidity), 0, 0),
                    2 => new Swap(
                        market.Asset0, market.Asset1, Part(market.Asset0), Part(market.Asset1), new Amount(random.UpTo(pool.Reserve0)), new Amount(random.UpTo(pool.Reserve1))),
                    3 => new Skim(market.Asset0, market.Asset1),
                    4 => new Sync(market.Asset0, market.Asset1),
                    _ => Best(pool),
                };
                bank.Ask(Bank.Bob, operation);
            }

            // All shares sold again, Bob has not more of both than before.
            bank.Ask(Bank.Bob, new RemoveLiquidity(market.Asset0, market.Asset1, bank.Balance(Bank.Bob, market.Pool.Liquidity), 0, 0));
            var end = (bank.Balance(Bank.Bob, market.Asset0), bank.Balance(Bank.Bob, market.Asset1));
            Assert.True(
                start == end || end.Item1 < start.Item1 || end.Item2 < start.Item2,
                $"round {round}: from {start} to {end}");

            Amount Part(AssetId asset) => new(random.UpTo(bank.Balance(Bank.Bob, asset).Units));

            Swap Best(PoolLeaf pool)
            {
                var (in0, in1) = random.OneIn(2) ? (Part(market.Asset0), Amount.Zero) : (Amount.Zero, Part(market.Asset1));
                var out1 = ConstantProduct.AmountOut(in0.Units, pool.Reserve0, pool.Reserve1) ?? 0;
                var out0 = ConstantProduct.AmountOut(in1.Units, pool.Reserve1, pool.Reserve0) ?? 0;
                return new Swap(market.Asset0, market.Asset1, in0, in1, new Amount(out0), new Amount(out1));
            }
        }
    }

    private static (BigInteger Product, BigInteger Supply) Value(FinanceState state, ulong address)
    {
        var pool = state.Read(FinanceLeaves.Pools, address);
        return ((BigInteger)pool.Reserve0 * pool.Reserve1, state.Read(FinanceLeaves.Assets, pool.Liquidity.Value).Supply.Units);
    }

    private static ulong? PoolOf(Operation operation) => operation switch
    {
        AddLiquidity o => PoolLeaf.Address(o.Asset0, o.Asset1),
        RemoveLiquidity o => PoolLeaf.Address(o.Asset0, o.Asset1),
        Swap o => PoolLeaf.Address(o.Asset0, o.Asset1),
        Donate o => PoolLeaf.Address(o.Asset0, o.Asset1),
        Skim o => PoolLeaf.Address(o.Asset0, o.Asset1),
        Sync o => PoolLeaf.Address(o.Asset0, o.Asset1),
        _ => null,
    };

    private sealed class NoChange : ILeafSink
    {
        public static readonly NoChange Instance = new();

        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => Assert.Fail($"{key} was changed by a refused operation");
    }

    private sealed class Copy : ILeafSink
    {
        public Dictionary<LeafKey, byte[]> Leaves { get; } = [];

        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
        {
            Assert.True(before.IsEmpty);
            Leaves.Add(key, after.ToArray());
        }
    }
}
