using BenchmarkDotNet.Attributes;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Benchmarks.Chain;

/// <summary>
/// The embedded chain on disk. The limit of a single call is the disk's flush; many calls at once share one. Goal: ten thousand blocks
/// are open again within two seconds.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(warmupCount: 2, iterationCount: 8)]
public class EmbeddedChainBenchmarks
{
    private const int Blocks = 10_000;
    private const int Payments = 256;
    private static readonly byte[] s_witnessScript = [(byte)Opcode.Op1];
    private static readonly Script s_script = StandardScripts.P2wshOf(new Script(s_witnessScript));

    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-bench-").FullName;
    private EmbeddedChain? _chain;
    private TxOut _coin;
    private OutPoint _outPoint;

    private string LongPath => Path.Combine(_folder, "long");

    /// <summary>A file of ten thousand blocks, and a chain to work on.</summary>
    [GlobalSetup]
    public async Task SetUpAsync()
    {
        await using (var chain = Open(LongPath))
            await chain.MineAsync(Blocks, s_script, CancellationToken.None);
        _chain = Open(Path.Combine(_folder, "work"));
        var first = (await _chain.MineAsync(101, s_script, CancellationToken.None)).Value[0];
        var coinbase = (await _chain.GetBlockAsync(first, CancellationToken.None)).Value.Transactions[0];
        (_coin, _outPoint) = (coinbase.Output(0), coinbase.OutPointOf(0));
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _chain!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public async Task<int> ReopenTenThousandBlocks()
    {
        await using var chain = Open(LongPath);
        return (await chain.GetTipAsync(CancellationToken.None)).Value.Height;
    }

    [Benchmark]
    public async Task<int> MineOneBlock() => (await _chain!.MineAsync(1, s_script, CancellationToken.None)).Value.Length;

    [Benchmark]
    public async Task<int> FollowTenThousandBlocks()
    {
        await using var chain = Open(LongPath);
        var height = 0;
        await foreach (var step in chain.FollowAsync(null, CancellationToken.None))
        {
            height = ((ChainEvent.Connected)step).Height;
            if (height == Blocks)
                break;
        }

        return height;
    }

    /// <summary>A transaction with many outputs, all of them spent at once by as many callers, and the block that takes them in.</summary>
    [Benchmark(OperationsPerInvoke = Payments)]
    public async Task<int> PayAtOnce()
    {
        var share = new Satoshis((_coin.Value.Value - 100_000) / Payments);
        var fan = Transaction.Create(2, [Input(_outPoint)], [.. Enumerable.Repeat(new TxOut(share, s_script), Payments)]);
        await SendAsync(fan);
        await _chain!.MineAsync(1, s_script, CancellationToken.None);
        var payments = Enumerable.Range(0, Payments).Select(i => Transaction.Create(2, [Input(fan.OutPointOf(i))], [new TxOut(share - new Satoshis(100), s_script)])).ToArray();
        await Task.WhenAll(payments.Select(SendAsync));
        var gather = Transaction.Create(2, [.. payments.Select(static payment => Input(payment.OutPointOf(0)))], [new TxOut(new Satoshis((share.Value - 100) * Payments) - new Satoshis(50_000), s_script)]);
        await _chain.MineAsync(1, s_script, CancellationToken.None);
        await SendAsync(gather);
        await _chain.MineAsync(1, s_script, CancellationToken.None);
        (_coin, _outPoint) = (gather.Output(0), gather.OutPointOf(0));
        return payments.Length;
    }

    private static TxIn Input(OutPoint outPoint) => new(outPoint, Script.Empty, TxIn.Replaceable, Witness.Of(s_witnessScript));

    private static EmbeddedChain Open(string path) => EmbeddedChain.Open(new EmbeddedChainOptions { Path = path }, TimeProvider.System).Value;

    private async Task SendAsync(Transaction transaction)
    {
        var verdict = (await _chain!.BroadcastAsync(transaction, CancellationToken.None)).Value;
        if (!verdict.IsAccepted)
            throw new InvalidOperationException(verdict.RejectReason);
    }
}
