using BenchmarkDotNet.Attributes;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.Pools;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Benchmarks;

/// <summary>
/// Operations through the engine, without a state tree and without signatures: 2²⁰ accounts, one asset, random payers and payees, a fee on each. The
/// goal is 1,000,000 transfers a second on one core: at most 1 µs for each.
/// </summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private const int Accounts = 1 << 20;
    private const int Batch = 1 << 14;

    private readonly Transfer[] _transfers = new Transfer[Batch];
    private readonly AccountId[] _payers = new AccountId[Batch];
    private readonly byte[][] _encoded = new byte[Batch][];
    private FinanceEngine _engine = null!;
    private FinanceEngine _market = null!;
    private uint[] _nextIndex = [];
    private ulong _random = 1;
    private uint _swaps;

    [GlobalSetup]
    public void Setup()
    {
        _engine = NewEngine(Accounts);
        _nextIndex = new uint[Accounts + 2];
        for (var i = 0; i < Batch; i++)
        {
            (_payers[i], _transfers[i]) = (Account(), new Transfer(AssetId.Bitcoin, Account(), (Next() % 1000) + 1));
            if (_transfers[i].To == _payers[i])
                _transfers[i] = _transfers[i] with { To = AccountId.Operator };
            _encoded[i] = OperationCodec.Write(new OperationRequest(_transfers[i], new Authorisation(_payers[i], 0, 1, uint.MaxValue)));
        }

        _market = NewEngine(1);
        var asset = new AssetId(1);
        Ask(_market, 0, new CreateAsset(8, Amount.MaxValue, default));
        Ask(_market, 1, new Issue(asset, new AccountId(2), new Amount(UInt128.One << 100)));
        Ask(_market, 2, new CreatePool(AssetId.Bitcoin, asset));
        Ask(_market, 3, new AddLiquidity(AssetId.Bitcoin, asset, 500_000, 500_000_000, 0));
        _swaps = 4;
    }

    /// <summary>A transfer with a fee, from the request to its events.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int Transfer()
    {
        var context = new OperationContext(800_000, OperationSource.Sequencer);
        for (var i = 0; i < Batch; i++)
        {
            var payer = _payers[i];
            var request = new OperationRequest(_transfers[i], new Authorisation(payer, _nextIndex[payer.Value]++, 1, uint.MaxValue));
            if (!_engine.Apply(context, request).IsAccepted)
                throw new InvalidOperationException("A transfer was refused.");
        }

        _engine.State.Forget();
        return Batch;
    }

    /// <summary>The same transfers, taken back: what a batch that is given up costs besides.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int TransferAndUndo()
    {
        var context = new OperationContext(800_000, OperationSource.Sequencer);
        var mark = _engine.State.Mark();
        for (var i = 0; i < Batch; i++)
            _engine.Apply(context, new OperationRequest(_transfers[i], new Authorisation(_payers[i], _nextIndex[_payers[i].Value], 1, uint.MaxValue)));
        _engine.State.Undo(mark);
        return Batch;
    }

    /// <summary>Reading transfers from their bytes.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int Decode()
    {
        var count = 0;
        foreach (var bytes in _encoded)
            count += OperationCodec.Read(ModuleTable.All, bytes).IsOk ? 1 : 0;
        return count;
    }

    /// <summary>A swap against a pool, back and forth.</summary>
    [Benchmark(OperationsPerInvoke = 1000)]
    public void Swap()
    {
        var asset = new AssetId(1);
        for (var i = 0; i < 500; i++)
        {
            Ask(_market, _swaps++, new Swap(AssetId.Bitcoin, asset, 1000, 0, 0, 900_000));
            Ask(_market, _swaps++, new Swap(AssetId.Bitcoin, asset, 0, 1_000_000, 900, 0));
        }

        _market.State.Forget();
    }

    private static FinanceEngine NewEngine(int accounts)
    {
        var root = new Bytes32([.. Enumerable.Repeat((byte)7, 32)]);
        var key = new KeyParameters(KeyParameters.Xmss, 31);
        var engine = new FinanceEngine(ModuleTable.All, FinanceEngine.Genesis(ModuleTable.All, root, key));
        var context = new OperationContext(800_000, OperationSource.System);
        for (var i = 0; i < accounts; i++)
        {
            engine.Apply(context, new OperationRequest(new RegisterAccount(root, key), null));
            engine.Apply(context, new OperationRequest(new Deposit((ulong)i + 1, AssetId.Bitcoin, new AccountId((uint)i + 2), 1_500_000_000), null));
            if (i % 1000 == 0)
                engine.State.Forget();
        }

        engine.State.Forget();
        return engine;
    }

    private static void Ask(FinanceEngine engine, uint index, Operation operation)
    {
        var request = new OperationRequest(operation, new Authorisation(new AccountId(2), index, 0, uint.MaxValue));
        var outcome = engine.Apply(new OperationContext(800_000, OperationSource.Sequencer), request);
        if (!outcome.IsAccepted)
            throw new InvalidOperationException(outcome.Refusal!.ToString());
    }

    private AccountId Account() => new((uint)(Next() % Accounts) + 2);

    private ulong Next()
    {
        _random = (_random * 6364136223846793005) + 1442695040888963407;
        return _random >> 24;
    }
}
