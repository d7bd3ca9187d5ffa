using BenchmarkDotNet.Attributes;
using Tributary.Finance.State;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Benchmarks;

/// <summary>
/// Leaf updates of a tree of 2²⁰ accounts, each with its account leaf and one balance: batches of random accounts, both leaves of each. The goal is
/// 200,000 leaf updates a second on one core: at most 5 µs for each.
/// </summary>
[MemoryDiagnoser]
public class StateTreeBenchmarks
{
    private const int Accounts = 1 << 20;
    private const int Batch = 1 << 14;

    private readonly StateTree _tree = new();
    private readonly LeafBatch _batch = new();
    private ulong _random = 1;

    [GlobalSetup]
    public void Setup()
    {
        for (var start = 0; start < Accounts; start += Batch)
        {
            for (var account = start; account < start + Batch; account++)
                Take((uint)account);
            Apply();
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void UpdateLeaves()
    {
        for (var i = 0; i < Batch / 2; i++)
            Take((uint)(Next() % Accounts));
        Apply();
    }

    private void Take(uint account)
    {
        Span<byte> leaf = stackalloc byte[38];
        BitConverter.TryWriteBytes(leaf, Next());
        _batch.Take(new LeafKey(LeafKind.Account, account), default, leaf);
        _batch.Take(new LeafKey(LeafKind.Balance, LeafKey.Pair(account, 0)), default, leaf[..16]);
    }

    private void Apply()
    {
        if (_tree.Apply(_batch) is { } refusal)
            throw new InvalidOperationException(refusal.ToString());
        _batch.Clear();
    }

    private ulong Next()
    {
        _random = (_random * 6364136223846793005) + 1442695040888963407;
        return _random >> 24;
    }
}
