using BenchmarkDotNet.Attributes;
using Tributary.Bitcoin.Blocks;

namespace Tributary.Bitcoin.Benchmarks;

/// <summary>
/// Reading a block: speed, and what it takes while it lives. Goal: less than 1.5 times its serialized size, the bytes themselves counted.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(ParseConfig))]
public class ParseBenchmarks
{
    private const int TargetBytes = 1_600_000;

    private static readonly Dictionary<(SpendKind, int), (byte[] Bytes, int Transactions)> s_blocks = [];
    private byte[] _bytes = [];

    [Params(SpendKind.P2wpkh, SpendKind.P2tr)]
    public SpendKind Kind { get; set; }

    [Params(1, 2)]
    public int Inputs { get; set; }

    /// <summary>The block of a case, and how many transactions it has.</summary>
    internal static (byte[] Bytes, int Transactions) BlockOf(SpendKind kind, int inputs)
    {
        if (!s_blocks.TryGetValue((kind, inputs), out var block))
        {
            var bytes = BlockBytes.Create(kind, inputs, TargetBytes);
            block = s_blocks[(kind, inputs)] = (bytes, Block.Parse(bytes).Value.Transactions.Length);
        }

        return block;
    }

    [GlobalSetup]
    public void SetUp() => _bytes = BlockOf(Kind, Inputs).Bytes;

    [Benchmark]
    public Block Parse() => Block.Parse(_bytes).Value;

    [Benchmark]
    public int ParseAndHash()
    {
        var sum = 0;
        foreach (var transaction in Block.Parse(_bytes).Value.Transactions)
            sum ^= transaction.WtxId.GetHashCode();
        return sum;
    }
}
