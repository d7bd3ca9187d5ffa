using System.Globalization;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Sequencing;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;
using Tributary.Rollup.Tests.Proving;

namespace Tributary.Rollup.Tests.Batches;

/// <summary>
/// Random operations, deposits and forced posts, three ways: the engine alone; the sequencer's batches, whose segments are what proofs are made from; and a
/// replica that sees blocks. TRIBUTARY_ROLLUP_FUZZ is how many operations.
/// </summary>
public sealed class RollupFuzzTests
{
    private const int BatchOperations = 2_500;
    private const uint Posters = 3;

    private static readonly Lazy<XmssKey[]> s_keys = new(static () =>
        [.. Enumerable.Range(0, (int)Posters).Select(static i => XmssKey.Create([.. new byte[31], (byte)(50 + i)], new XmssKeyOptions { LogLifetime = 14, Active = 2_048 }))]);

    private readonly TestRandom _random = new(90);
    private readonly SimulatedBitcoin _bitcoin = new();
    private readonly RollupReplica _replica = new(1, null, WeakProofs.Verifier);
    private readonly RollupLedger _ledger = RollupLedger.Genesis(TestRollup.Keys[0].PublicKey.Root, TestRollup.Keys[0].PublicKey.Parameters);
    private readonly FinanceEngine _engine;
    private readonly RandomOperations _operations;
    private readonly Dictionary<OperationCode, int> _taken = [];
    private Bytes32 _rollup;
    private int _deposits;

    public RollupFuzzTests()
    {
        _engine = new FinanceEngine(ModuleTable.Provable, FinanceEngine.Genesis(ModuleTable.Provable, TestRollup.Keys[0].PublicKey.Root, TestRollup.Keys[0].PublicKey.Parameters));
        _operations = new RandomOperations(_random, _engine.State) { FirstUnsigned = 2 + Posters };
    }

    [Fact]
    public void Engine_segments_and_a_node_rebuilt_from_blocks_have_byte_equal_roots()
    {
        var total = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_ROLLUP_FUZZ"), CultureInfo.InvariantCulture, out var given) ? given : 20_000;
        _bitcoin.Begin();
        Mine();
        _rollup = _replica.Chain.Beginning!.Rollup;
        var maker = new BatchMaker(_rollup, _ledger, new SequencerOptions { SegmentSignatures = 700, SegmentPostLeaves = 20 });
        var (done, accepted) = (0, 0);
        while (done < total)
        {
            var opening = Open(maker);
            var count = Math.Min(total - done, 1 + _random.Next(2 * BatchOperations));
            for (var i = 0; i < count; i++)
                accepted += Add(maker, opening.Height) ? 1 : 0;
            done += count;
            Close(maker, opening);
        }

        Assert.Empty(_replica.Refused);
        Assert.InRange(accepted, total / 2, total);
        Assert.Equal(StateSnapshot.Write(_engine.State), StateSnapshot.Write(_replica.Ledger!.Engine.State));
        Assert.Equal(StateTree.Build(_engine.State).Value.Root.ToBytes32(), _replica.Ledger.Root.ToBytes32());
        Assert.True(_replica.ReportLiabilities()!.IsCovered);
        if (total < 20_000)
            return;

        // Every kind of operation was taken, and posts of every verdict were consumed.
        Assert.Equal(12, _taken.Count);
        var whys = _replica.Batches.SelectMany(static batch => batch.Posts).Select(static post => post.Why?.Field ?? "").ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(["", "signature", "amount"], StringComparer.Ordinal), whys);
    }

    private void Mine()
    {
        _bitcoin.Mine();
        _replica.Connect(_bitcoin.Tip, _bitcoin[_bitcoin.Tip]);
        if (_random.Next(10) != 0 || _bitcoin.Tip < 10)
            return;

        // What a reorganisation takes back and brings again is as it was.
        var root = _replica.Ledger!.Root;
        var depth = 1 + _random.Next(5);
        for (var i = 0; i < depth; i++)
            _replica.Disconnect(_bitcoin.Tip - i);
        for (var i = depth - 1; i >= 0; i--)
            _replica.Connect(_bitcoin.Tip - i, _bitcoin[_bitcoin.Tip - i]);
        Assert.Equal(root, _replica.Ledger.Root);
    }

    private BatchOpening Open(BatchMaker maker)
    {
        if (maker.Last is null)
        {
            // The first batch registers who posts later.
            var first = BatchOpening.At((uint)_bitcoin.Tip, null, _replica.Posts, _replica.Deposits, _replica.Chain);
            maker.Open(first);
            foreach (var key in s_keys.Value)
                Assert.True(Take(maker, new OperationRequest(new RegisterAccount(key.PublicKey.Root, key.PublicKey.Parameters), null), first.Height));
            return first;
        }

        for (var blocks = 1 + _random.Next(3); blocks > 0; blocks--)
        {
            for (var deposits = _random.Next(12); deposits > 0; deposits--)
                _bitcoin.Deposit(_rollup, _operations.AnyAccount(), new Satoshis(1_000 + _random.Next(10_000_000)));
            for (var posts = _random.Next(4); posts > 0; posts--)
                _bitcoin.Post(_rollup, RandomPost());
            Mine();
        }

        var opening = BatchOpening.At((uint)_bitcoin.Tip, maker.Last, _replica.Posts, _replica.Deposits, _replica.Chain);
        maker.Open(opening);
        foreach (var post in opening.Posts)
            _operations.Take(ForcedOperation.Consume(post, _rollup, _engine));
        Deposit(opening);
        return opening;
    }

    private byte[] RandomPost()
    {
        if (_random.Next(8) == 0)
            return _random.Bytes(1 + _random.Next(200));
        if (_random.Next(4) == 0 && _operations.HasOpen)
            return new ForcedOperation(new OperationRequest(_operations.End((uint)_bitcoin.Tip + 1), null), default).Write();
        var poster = 2 + (uint)_random.Next((int)Posters);
        var kind = _random.Next(100);
        var request = _operations.Sign(poster, _operations.Signed(kind is 28 ? 29 : kind, poster, (uint)_bitcoin.Tip + 1), (uint)_bitcoin.Tip + 1);
        var key = s_keys.Value[(int)poster - 2];
        var signature = key.Sign(request.Authorisation!.Value.Index % 2_048, OperationDigest.Compute(_rollup, request)).Value;
        if (_random.Next(5) == 0)
            signature[_random.Next(signature.Length)] ^= 1;
        return new ForcedOperation(request, signature).Write();
    }

    private bool Add(BatchMaker maker, uint height) => Take(maker, _operations.Next(height), height);

    private bool Take(BatchMaker maker, in OperationRequest request, uint height)
    {
        // Signatures are what proofs are for, and tried elsewhere: here they count as checked.
        var outcome = maker.Add(request, [], request.Authorisation is { } asker ? new CheckedSignature(maker.KeyOf(asker.Account), default) : null);
        var alone = _engine.Apply(new OperationContext(height, SegmentBuilder.SourceOf(request)), request);
        Assert.True(alone.IsAccepted == outcome.IsAccepted, $"{request.Operation}: {alone.Refusal} alone, {outcome.Refusal} in a segment");
        _operations.Take(alone);
        if (alone.IsAccepted)
            _taken[request.Operation.Code] = _taken.GetValueOrDefault(request.Operation.Code) + 1;
        return alone.IsAccepted;
    }

    // Those whose account is registered, in order; at the end of the batch those that follow the last one, if their account has come by then.
    private void Deposit(BatchOpening opening)
    {
        for (var i = _deposits; i < opening.Deposits.Count; i++)
        {
            var deposit = opening.Deposits[i];
            if (_engine.State.Read(FinanceLeaves.Accounts, deposit.To.Value).IsEmpty)
                continue;
            var number = _engine.State.Read(FinanceLeaves.Counters, 0).NextDeposit;
            var request = new OperationRequest(new Deposit(number, AssetId.Bitcoin, deposit.To, (ulong)deposit.Amount.Value), null);
            Assert.Null(_engine.Apply(new OperationContext(opening.Height, OperationSource.System), request).Refusal);
            _deposits = i + 1;
            _taken[OperationCode.Deposit] = _taken.GetValueOrDefault(OperationCode.Deposit) + 1;
        }
    }

    private void Close(BatchMaker maker, BatchOpening opening)
    {
        Deposit(opening);
        _deposits = 0;
        var closed = maker.Close();
        _bitcoin.AnchorBatch(_replica.Chain.Anchor!.Value, closed.Payload());
        Mine();
        Assert.Empty(_replica.Refused);
        Assert.Equal(_ledger.Root, _replica.Ledger!.Root);
        if (_random.Next(12) == 0)
            Assert.Equal(StateTree.Build(_engine.State).Value.Root, _ledger.Root);
        _engine.State.Forget();
    }
}
