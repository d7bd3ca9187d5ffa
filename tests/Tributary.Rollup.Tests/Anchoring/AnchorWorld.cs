using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.State;
using Tributary.Rollup.Tests.Proving;

namespace Tributary.Rollup.Tests.Anchoring;

/// <summary>An operator on an embedded chain, which validates all that it sends; and a follower that is shown every block.</summary>
internal sealed class AnchorWorld : IAsyncDisposable
{
    private static readonly FeeratePerKvB s_feerate = new(2_000);
    private readonly SeededEntropy _entropy = new(7);
    private readonly SecretKey _operator;
    private readonly SecretKey _purse;
    private readonly Queue<OutPoint> _coins = [];
    private readonly List<Block> _blocks = [];

    private readonly ITestChain _chain;

    private AnchorWorld(ITestChain chain)
    {
        _chain = chain;
        _operator = SecretKey.Generate(_entropy);
        _purse = SecretKey.Generate(_entropy);
        Follower = new AnchorFollower(1, null);
    }

    internal IChainSource Chain => _chain.Source;

    internal AnchorFollower Follower { get; private set; }

    internal List<AnchorSeen> Seen { get; } = [];

    /// <summary>The blocks of the active chain, from height 1.</summary>
    internal IReadOnlyList<Block> Blocks => _blocks;

    internal Bytes32 OperatorKey => _operator.PublicKey.ToXOnly(out _).ToBytes32();

    internal Bytes32 Rollup => Follower.Beginning!.Rollup;

    internal static TreeDigest GenesisRoot => default;

    private Script Purse => TaprootOutput.Create(_purse.PublicKey.ToXOnly(out _).ToBytes32()).Value.ScriptPubKey;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<AnchorWorld> CreateAsync(ITestChain? chain = null)
    {
        var world = new AnchorWorld(chain ?? new EmbeddedTestChain());
        await world.MineAsync(130);
        return world;
    }

    /// <summary>Begins the rollup: the commitment and its spend are mined in one block.</summary>
    internal async Task BeginAsync()
    {
        var genesis = new RollupGenesis(WeakProofs.Key.Digest, OperatorKey, OperatorKey, TestRollup.Keys[0].PublicKey.Root, TestRollup.Keys[0].PublicKey.Parameters);
        await PostAsync(new Envelope(EnvelopeKind.Genesis, genesis.ToBytes(), OperatorKey), null, makesAnchor: true);
        await MineAsync(1);
    }

    /// <summary>A header that follows, with all that was posted and paid up to the tip.</summary>
    internal BatchHeader Header(BatchHeader? before, byte root, ReadOnlySpan<byte> body)
    {
        var height = Follower.NextHeight - 1;
        Assert.True(TreeDigest.TryFromBytes32(new Bytes32([root, .. new byte[31]]), out var after));
        var posts = Follower.PostsUpTo(height);
        return new BatchHeader(
            Rollup, (before?.Number ?? 0) + 1, before?.RootAfter ?? GenesisRoot, after, (uint)height, Follower.BlockAt(height)!.Value, posts,
            Follower.QueueDigest(posts)!.Value, Follower.DepositsUpTo(height), 1, TaggedHashes.TapLeaf.Hash(body));
    }

    internal static Envelope Batch(BatchHeader header, ReadOnlySpan<byte> body, Bytes32 key)
    {
        var writer = new ByteWriter();
        header.WriteTo(writer);
        writer.WriteBytes(body);
        return new Envelope(EnvelopeKind.Batch, writer.ToArray(), key);
    }

    /// <summary>Sends a batch; it is in the mempool afterwards, with its commitment.</summary>
    internal Task<AnchorTransaction> SendBatchAsync(BatchHeader header, ReadOnlySpan<byte> body) =>
        PostAsync(Batch(header, body, OperatorKey), Follower.Anchor, makesAnchor: true);

    internal async Task<AnchorTransaction> PostAsync(Envelope envelope, OutPoint? anchor, bool makesAnchor)
    {
        var value = AnchorTransaction.ValueFor(envelope, anchor is not null, makesAnchor, Purse, new FeeratePerKvB(20_000));
        var commitment = await PayAsync(new TxOut(value, AnchorOutputs.Commitment(envelope).ScriptPubKey));
        var transaction = new AnchorTransaction(envelope, anchor, commitment.OutPointOf(0), value, makesAnchor);
        await BroadcastAsync(Sign(transaction, s_feerate));
        return transaction;
    }

    internal Transaction Sign(AnchorTransaction transaction, FeeratePerKvB feerate) =>
        transaction.Sign(feerate, Purse, transaction.Envelope.Key == OperatorKey ? _operator : _purse, _entropy).Value;

    internal Bytes32 StrangerKey => _purse.PublicKey.ToXOnly(out _).ToBytes32();

    internal async Task DepositAsync(Satoshis amount, AccountId account) =>
        await PayAsync(new TxOut(amount, StandardScripts.P2tr(OperatorKey.Span)), new TxOut(Satoshis.Zero, SeenDeposit.Marker(Rollup, account)));

    /// <summary>The secret of the vault's output key, which is the operator's here.</summary>
    internal SecretKey VaultKey => _operator;

    /// <summary>Pays the vault for nobody's account.</summary>
    internal async Task TopUpAsync(Satoshis amount) => await PayAsync(new TxOut(amount, StandardScripts.P2tr(OperatorKey.Span)));

    internal async Task BroadcastAsync(Transaction transaction)
    {
        var verdict = (await Chain.BroadcastAsync(transaction, Cancellation)).Value;
        Assert.True(verdict.IsAccepted, verdict.ToString());
    }

    internal async Task MineAsync(int count)
    {
        await _chain.MineAsync(count, Purse, Cancellation);
        await CatchUpAsync();
    }

    /// <summary>Replaces the last blocks; what they held is gone from the mempool's view only where the chain says so.</summary>
    internal async Task ReorganiseAsync(int depth)
    {
        await _chain.ReorganiseAsync(depth, Purse, Cancellation);
        await CatchUpAsync();
    }

    /// <summary>A follower that is shown the active chain only, from the beginning.</summary>
    internal AnchorFollower Late()
    {
        var late = new AnchorFollower(1, Rollup);
        for (var i = 0; i < _blocks.Count; i++)
            _ = late.Connect(i + 1, _blocks[i]);
        return late;
    }

    internal async Task<Transaction> PayAsync(params TxOut[] outputs)
    {
        var coin = _coins.Dequeue();
        var spent = new TxOut((await Chain.GetUnspentAsync(coin, Cancellation)).Value.Output.Value, Purse);
        var paid = outputs.Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);
        var draft = Transaction.Create(2, [new TxIn(coin)], [.. outputs, new TxOut(spent.Value - paid - new Satoshis(2_000), Purse)]);
        var hash = SignatureHash.Taproot(draft, 0, [spent], SighashType.Default);
        Assert.True(_purse.TweakAddXOnly(TaprootOutput.Tweak(StrangerKey, null).Span, out var tweaked));
        var signature = new byte[64];
        using (tweaked)
            Schnorr.Sign(tweaked, hash.Span, _entropy, signature);
        var signed = draft.WithInputs([draft.Input(0) with { Witness = Witness.Of(signature) }]);
        await BroadcastAsync(signed);
        return signed;
    }

    private async Task CatchUpAsync()
    {
        var tip = (await Chain.GetTipAsync(Cancellation)).Value;
        while (_blocks.Count > tip.Height || (_blocks.Count > 0 && (await Chain.GetBlockHashAsync(_blocks.Count, Cancellation)).Value != _blocks[^1].Hash))
        {
            Follower.Disconnect(_blocks.Count);
            _ = Seen.RemoveAll(seen => seen.Height >= _blocks.Count);
            _blocks.RemoveAt(_blocks.Count - 1);
        }

        while (_blocks.Count < tip.Height)
        {
            var block = (await Chain.GetBlockAsync((await Chain.GetBlockHashAsync(_blocks.Count + 1, Cancellation)).Value, Cancellation)).Value;
            _blocks.Add(block);
            Seen.AddRange(Follower.Connect(_blocks.Count, block));
            if (_blocks.Count > 100 && _blocks[_blocks.Count - 101].Transactions[0].Output(0).ScriptPubKey == Purse)
                _coins.Enqueue(_blocks[_blocks.Count - 101].Transactions[0].OutPointOf(0));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        _purse.Dispose();
        await _chain.DisposeAsync();
    }
}
