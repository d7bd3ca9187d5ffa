using System.Diagnostics;
using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Benchmarks;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Benchmarks;

/// <summary>
/// The stated workload: so many accounts with satoshis, random payers and payees, log-normal amounts (median 20,000, deviation 1.5). Accounts share
/// sixteen keys of 2²⁰ one-time keys; a proof does not see that.
/// </summary>
internal sealed class Workload : IDisposable
{
    private const int Keys = 16;
    private const int LogLifetime = 20;
    private const uint Height = 900_000;

    private readonly Bytes32 _rollup = new(SHA256.HashData("benchmark"u8));
    private readonly XmssKey[] _keys;
    private readonly FinanceEngine _engine;
    private readonly StateTree _tree;
    private readonly uint _accounts;
    private readonly Random _random = new(1);
    private ulong _segment;

    public Workload(int logAccounts)
    {
        _keys = [.. Enumerable.Range(0, Keys).Select(static i =>
            XmssKey.Create(SHA256.HashData([(byte)i]), new XmssKeyOptions { LogLifetime = LogLifetime, Active = 256 }))];
        _accounts = 1u << logAccounts;
        _engine = new FinanceEngine(ModuleTable.Provable, FinanceEngine.Genesis(ModuleTable.Provable, _keys[0].PublicKey.Root, _keys[0].PublicKey.Parameters));
        var system = new OperationContext(Height, OperationSource.System);
        for (var i = 0u; i < _accounts; i++)
        {
            var key = KeyOf(i + 2).PublicKey;
            Accept(_engine.Apply(system, new OperationRequest(new RegisterAccount(key.Root, key.Parameters), null)));
            Accept(_engine.Apply(system, new OperationRequest(new Deposit(i + 1, AssetId.Bitcoin, new AccountId(i + 2), 100_000_000), null)));
        }

        _engine.State.Forget();
        _tree = StateTree.Build(_engine.State).Value;
    }

    /// <summary>A segment of transfers, and how quickly it was carried out: signatures checked, engine, witness and tree.</summary>
    public (Segment Segment, Figure Figure) Build(int transfers)
    {
        var context = new SegmentContext(_rollup, _segment++, Height, default, default);
        var operations = new (OperationRequest Request, byte[] Signature)[transfers];
        var payers = new HashSet<uint>();
        for (var i = 0; i < transfers; i++)
        {
            var payer = Account();
            while (!payers.Add(payer))
                payer = Account();
            var payee = Account();
            while (payee == payer)
                payee = Account();
            operations[i] = Sign(payer, payee);
        }

        var start = CpuClock.Seconds;
        var builder = new SegmentBuilder(context, _engine, _tree);
        foreach (var (request, signature) in operations)
            Accept(builder.Add(request, signature));
        var segment = builder.Close();
        var seconds = CpuClock.Seconds - start;
        return (segment, new Figure(
            "segment.execution",
            transfers / seconds,
            "transfers/s",
            null,
            [
                new("layout", "signature check, engine, witness and tree, once"),
                new("accounts", (int)_accounts),
                new("transfers", transfers),
                new("body_bytes_per_transfer", segment.BodyBytes.Length / (double)transfers),
            ]));
    }

    /// <summary>Transfers a second on the engine with the tree kept up to date, batch by batch, without signatures.</summary>
    public Figure ApplyWithTree(int transfers, int batch)
    {
        var requests = Transfers(transfers);
        var context = new OperationContext(Height, OperationSource.Sequencer);
        var leaves = new LeafBatch();
        var start = CpuClock.Seconds;
        for (var first = 0; first < transfers; first += batch)
        {
            Apply(context, requests, first, Math.Min(transfers, first + batch), leaves);
            Take(leaves);
        }

        var seconds = CpuClock.Seconds - start;
        return new Figure("engine.with_tree", transfers / seconds, "transfers/s", 200_000, [new("layout", "engine, then tree, batch by batch, one thread"), new("accounts", (int)_accounts), new("transfers", transfers), new("batch", batch)]);
    }

    /// <summary>The same with the tree on a thread of its own, a batch behind the engine; wall clock, since two threads work.</summary>
    public async Task<Figure> ApplyWithTreeBesideAsync(int transfers, int batch)
    {
        var requests = Transfers(transfers);
        var context = new OperationContext(Height, OperationSource.Sequencer);
        var (leaves, hashed) = (new LeafBatch(), new LeafBatch());
        var tree = Task.CompletedTask;
        var start = Stopwatch.GetTimestamp();
        for (var first = 0; first < transfers; first += batch)
        {
            Apply(context, requests, first, Math.Min(transfers, first + batch), leaves);
            await tree;
            (leaves, hashed) = (hashed, leaves);
            var own = hashed;
            tree = Task.Run(() => Take(own));
        }

        await tree;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Figure("engine.with_tree_beside", transfers / seconds, "transfers/s", 200_000, [new("layout", "engine and tree on a thread each; wall clock"), new("accounts", (int)_accounts), new("transfers", transfers), new("batch", batch)]);
    }

    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
    }

    private OperationRequest[] Transfers(int transfers)
    {
        var requests = new OperationRequest[transfers];
        var next = new Dictionary<uint, uint>();
        foreach (ref var request in requests.AsSpan())
        {
            var (payer, payee) = (Account(), Account());
            if (payee == payer)
                payee = payer == 2 ? 3u : 2;
            var index = next.TryGetValue(payer, out var known) ? known : _engine.State.Read(FinanceLeaves.Accounts, payer).NextIndex;
            next[payer] = index + 1;
            request = new OperationRequest(
                new Transfer(AssetId.Bitcoin, new AccountId(payee), 1 + (ulong)_random.Next(1000)), new Authorisation(new AccountId(payer), index, 0, Height + 144));
        }

        return requests;
    }

    private void Apply(in OperationContext context, OperationRequest[] requests, int from, int to, LeafBatch leaves)
    {
        const int ahead = 6;
        var mark = _engine.State.Mark();
        for (var i = from; i < to; i++)
        {
            if (i + ahead < requests.Length)
                _engine.Expect(requests[i + ahead]);
            Accept(_engine.Apply(context, requests[i]));
        }

        _engine.State.ReadChanges(mark, leaves);
        _engine.State.Forget();
    }

    private void Take(LeafBatch leaves)
    {
        if (_tree.Apply(leaves) is { } refusal)
            throw new InvalidOperationException(refusal.ToString());
        leaves.Clear();
    }

    private XmssKey KeyOf(uint account) => _keys[account % Keys];

    private uint Account() => 2 + (uint)_random.Next((int)_accounts);

    private (OperationRequest Request, byte[] Signature) Sign(uint payer, uint payee)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        var amount = (ulong)Math.Clamp(Math.Round(20_000 * Math.Exp(1.5 * normal)), 1, 50_000_000);
        var index = _engine.State.Read(FinanceLeaves.Accounts, payer).NextIndex;
        var request = new OperationRequest(
            new Transfer(AssetId.Bitcoin, new AccountId(payee), amount), new Authorisation(new AccountId(payer), index, 10, Height + 144));
        return (request, KeyOf(payer).Sign(index, OperationDigest.Compute(_rollup, request)).Value);
    }

    private static void Accept(in Outcome outcome)
    {
        if (outcome.Refusal is { } refusal)
            throw new InvalidOperationException(refusal.ToString());
    }
}
