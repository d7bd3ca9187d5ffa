using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Operating;

namespace Tributary.Rollup.Tests.Operating;

/// <summary>
/// Anchors whose transactions a node has forgotten. The wallet's own offers do not arrive meanwhile: what comes back is the anchorer's doing.
/// </summary>
public sealed class AnchorerTests : IAsyncLifetime
{
    private static readonly FeeratePerKvB s_most = new(50_000);
    private readonly SeededEntropy _entropy = new(77);
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-anchorer-").FullName;
    private readonly ForgetfulBitcoin _bitcoin = new();
    private readonly SecretKey _key;
    private readonly DeafChain _walletChain;
    private Wallet _wallet = null!;
    private Anchorer _anchorer = null!;
    private CancellationTokenSource _stop = null!;
    private Task _following = Task.CompletedTask;

    public AnchorerTests()
    {
        _key = SecretKey.Generate(_entropy);
        _walletChain = new DeafChain(_bitcoin);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Script Elsewhere => StandardScripts.P2wpkh(new byte[20]);

    private Bytes32 Key => _key.PublicKey.ToXOnly(out _).ToBytes32();

    public async ValueTask InitializeAsync()
    {
        using var seed = WalletSeed.Generate(_entropy);
        var creation = new WalletCreation(_bitcoin.Network) { Seed = seed, Passphrase = WalletPassphrase.None };
        Start((await Wallet.CreateAsync(OpenStore(), creation, _walletChain, _entropy, TimeProvider.System, null, Token)).Value);

        // One coin: what is paid next spends what was paid last.
        _bitcoin.Mine((await _wallet.NewAddressAsync(cancellationToken: Token)).Value.Address.ScriptPubKey);
        await MineAsync(101);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Anchor_that_a_reorganisation_has_put_out_of_block_and_mempool_comes_back_with_or_without_its_commitment(bool isMinedBefore, bool commitmentStays)
    {
        var shown = await PostAsync(Genesis, null);
        if (isMinedBefore)
        {
            // The commitment alone is in the block that is taken back, and what shows it waits.
            _bitcoin.Forget(shown.TxId);
            await MineAsync(1);
            _ = await PostAsync(Genesis, null);
        }
        else
        {
            await MineAsync(1);
        }

        var commitment = shown.PreviousOutput(0).TxId;
        await ReorganiseAsync(1, transaction => commitmentStays && transaction.TxId == commitment);
        Assert.Equal(commitmentStays, _bitcoin.Mempool.Any(one => one.TxId == commitment));

        var again = await PostAsync(Genesis, null);
        Assert.Equal(shown.PreviousOutput(0), again.PreviousOutput(0));
        Assert.Equal([commitment, again.TxId], _bitcoin.Mempool.Where(one => one.TxId == commitment || one.TxId == again.TxId).Select(static one => one.TxId));
        Assert.Equal(!commitmentStays, _bitcoin.HandedIn.Contains(commitment));
        await MineAsync(1);
        AssertShownOnce(Genesis, again);
    }

    [Fact]
    public async Task Anchor_alone_that_the_mempool_has_lost_is_handed_in_again_and_its_commitment_is_not()
    {
        var shown = await PostAsync(Genesis, null);
        var commitment = shown.PreviousOutput(0).TxId;
        _bitcoin.Mine(Elsewhere, [.. _bitcoin.Mempool.Where(one => one.TxId == commitment)]);
        await SyncAsync();
        _bitcoin.Forget(shown.TxId);
        _bitcoin.HandedIn.Clear();
        var again = await PostAsync(Genesis, null);
        Assert.Equal(again.TxId, Assert.Single(_bitcoin.Mempool).TxId);
        Assert.Equal([again.TxId], _bitcoin.HandedIn);
        await MineAsync(1);
        AssertShownOnce(Genesis, again);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(9_000)]
    public async Task Anchor_whose_parent_is_taken_back_as_well_follows_the_parent_under_its_new_name(int feerate)
    {
        var genesis = await PostAsync(Genesis, null);
        await MineAsync(1);
        var first = await PostAsync(Batch(1), genesis.OutPointOf(0));
        await MineAsync(1);
        var second = await PostAsync(Batch(2), first.OutPointOf(0));
        await MineAsync(1);
        await ReorganiseAsync(2, static _ => false);
        Assert.Empty(_bitcoin.Mempool);

        _bitcoin.Estimate = new FeeratePerKvB(feerate);
        var firstAgain = await PostAsync(Batch(1), genesis.OutPointOf(0));
        Assert.Equal(feerate == 2_000, firstAgain.TxId == first.TxId);
        await MineAsync(1);
        var secondAgain = await PostAsync(Batch(2), firstAgain.OutPointOf(0));
        Assert.Equal(firstAgain.OutPointOf(0), secondAgain.PreviousOutput(0));
        if (feerate == 2_000)
            Assert.Equal(second.TxId, secondAgain.TxId);
        await MineAsync(1);
        AssertShownOnce(Batch(1), firstAgain);
        AssertShownOnce(Batch(2), secondAgain);
    }

    [Fact]
    public async Task Commitment_out_of_the_change_of_an_anchor_that_came_back_dearer_is_paid_anew()
    {
        var genesis = await PostAsync(Genesis, null);
        await MineAsync(1);
        var first = await PostAsync(Batch(1), genesis.OutPointOf(0));
        await MineAsync(1);

        // Nothing is free but the change of the anchor.
        var others = _wallet.ListUnspent().Select(static coin => coin.OutPoint).Where(coin => coin.TxId != first.TxId).ToList();
        var lease = (await _wallet.LeaseAsync(others, null, "others", Token)).Value;
        var small = new Envelope(EnvelopeKind.Batch, new byte[80], Key);
        var second = await PostAsync(small, first.OutPointOf(0));
        var before = second.PreviousOutput(1);
        Assert.Contains(_bitcoin.Mempool.First(one => one.TxId == before.TxId).Inputs, input => input.PreviousOutput.TxId == first.TxId);
        await MineAsync(1);
        await ReorganiseAsync(2, static _ => false);

        _bitcoin.Estimate = new FeeratePerKvB(9_000);
        var firstAgain = await PostAsync(Batch(1), genesis.OutPointOf(0));
        Assert.NotEqual(first.TxId, firstAgain.TxId);
        await MineAsync(1);
        await _wallet.ReleaseAsync(lease.Id, Token);
        var secondAgain = await PostAsync(small, firstAgain.OutPointOf(0));
        Assert.NotEqual(before, secondAgain.PreviousOutput(1));
        await MineAsync(1);
        AssertShownOnce(small, secondAgain);
    }

    [Fact]
    public async Task Commitment_whose_coin_the_node_has_forgotten_too_is_offered_behind_it()
    {
        var own = (await _wallet.NewAddressAsync(cancellationToken: Token)).Value.Address.ScriptPubKey;
        var paid = (await _wallet.SendAsync(new SendRequest { Outputs = [new SendOutput(own, new Satoshis(40_000_000))], Feerate = new FeeratePerKvB(3_000) }, Token)).Value;
        await MineAsync(1);
        var shown = await PostAsync(Genesis, null);
        var commitment = _bitcoin.Mempool.First(one => one.TxId == shown.PreviousOutput(0).TxId);
        Assert.All(commitment.Inputs, input => Assert.Equal(paid.TxId, input.PreviousOutput.TxId));
        await MineAsync(1);
        await ReorganiseAsync(2, static _ => false);

        var again = await PostAsync(Genesis, null);
        Assert.Equal([paid.TxId, commitment.TxId, again.TxId], _bitcoin.Mempool.Select(static one => one.TxId));
        await MineAsync(1);
        AssertShownOnce(Genesis, again);
    }

    [Fact]
    public async Task Anchor_that_was_lost_while_nobody_ran_comes_back_with_the_same_commitment()
    {
        var shown = await PostAsync(Genesis, null);
        await MineAsync(1);
        await EndAsync();
        _bitcoin.Reorganise(1, Elsewhere, static _ => false);
        _walletChain.IsDeaf = true;
        Start((await Wallet.OpenAsync(OpenStore(), _walletChain, _entropy, TimeProvider.System, null, Token)).Value);
        await SyncAsync();

        var again = await PostAsync(Genesis, null);
        Assert.Equal(shown.PreviousOutput(0), again.PreviousOutput(0));
        await EndAsync();
        Start((await Wallet.OpenAsync(OpenStore(), _walletChain, _entropy, TimeProvider.System, null, Token)).Value);
        await SyncAsync();
        Assert.Equal(again.TxId, (await PostAsync(Genesis, null)).TxId);
        await MineAsync(1);
        AssertShownOnce(Genesis, again);
    }

    [Fact]
    public async Task Anchor_that_was_paid_more_comes_back_at_what_it_paid_last()
    {
        var cheap = await PostAsync(Genesis, null);
        var dear = await PostAsync(Genesis, null, isLate: true);
        Assert.NotEqual(cheap.TxId, dear.TxId);
        Assert.Equal(cheap.PreviousOutput(0), dear.PreviousOutput(0));
        Assert.DoesNotContain(_bitcoin.Mempool, one => one.TxId == cheap.TxId);
        await MineAsync(1);
        await ReorganiseAsync(1, static _ => false);
        var again = await PostAsync(Genesis, null);
        Assert.Equal(dear.TxId, again.TxId);
        await MineAsync(1);
        AssertShownOnce(Genesis, again);
    }

    [Fact]
    public async Task Cheaper_anchor_that_a_reorganisation_brings_back_gives_way_to_the_dearer_one()
    {
        var cheap = await PostAsync(Genesis, null);
        var commitment = _bitcoin.Mempool.First(one => one.TxId == cheap.PreviousOutput(0).TxId);
        var dear = await PostAsync(Genesis, null, isLate: true);
        _bitcoin.Mine(Elsewhere, [commitment, cheap]);
        await SyncAsync();
        Assert.Empty(_bitcoin.Mempool);
        await ReorganiseAsync(1, static _ => true);
        Assert.Equal([commitment.TxId, cheap.TxId], _bitcoin.Mempool.Select(static one => one.TxId));
        Assert.Equal(dear.TxId, (await PostAsync(Genesis, null)).TxId);
        Assert.Equal([commitment.TxId, dear.TxId], _bitcoin.Mempool.Select(static one => one.TxId));
        await MineAsync(1);
        AssertShownOnce(Genesis, dear);
    }

    [Fact]
    public async Task Anchor_whose_commitment_a_block_holds_no_more_and_never_will_again_says_why()
    {
        // The chain forgets the wallet's coin altogether: nothing that is offered can be taken.
        var shown = await PostAsync(Genesis, null);
        await MineAsync(1);
        await ReorganiseAsync(_bitcoin.Blocks.Count, static _ => false);
        var refused = await _anchorer.PostAsync(Genesis, null, makesAnchor: true, isLate: false, Token);
        Assert.False(refused.IsOk);
        Assert.DoesNotContain(_bitcoin.Mempool, one => one.TxId == shown.TxId);
    }

    [Fact]
    public async Task Post_is_replaced_by_one_with_the_same_outputs_that_pays_for_its_commitment_too_and_is_noted_before_a_node_sees_it()
    {
        var noted = new List<(TxId Id, FeeratePerKvB Feerate)>();
        Task Note(Transaction transaction, FeeratePerKvB feerate)
        {
            Assert.DoesNotContain(transaction.TxId, _bitcoin.HandedIn);
            noted.Add((transaction.TxId, feerate));
            return Task.CompletedTask;
        }

        var cheap = await PostForcedAsync(new PostPrice(null, new FeeratePerKvB(1_000), Note));
        Assert.Equal([(cheap.TxId, new FeeratePerKvB(1_000))], noted);
        var dear = await PostForcedAsync(new PostPrice(new FeeratePerKvB(1_000), new FeeratePerKvB(6_000), Note));
        Assert.Equal((dear.TxId, new FeeratePerKvB(6_000)), noted[^1]);
        Assert.Equal(cheap.PreviousOutput(0), dear.PreviousOutput(0));
        Assert.Equal(cheap.Outputs.Select(static output => output.ScriptPubKey), dear.Outputs.Select(static output => output.ScriptPubKey));
        var commitment = _bitcoin.Mempool[0];
        Assert.Equal([commitment.TxId, dear.TxId], _bitcoin.Mempool.Select(static one => one.TxId));
        var together = FeeratePerKvB.Of(_bitcoin.FeeOf(commitment) + _bitcoin.FeeOf(dear), commitment.VirtualSize + dear.VirtualSize);
        Assert.InRange(together.Value, 6_000, 6_100);

        // By another process, which knows what was written down; a quarter more than before.
        await EndAsync();
        Start((await Wallet.OpenAsync(OpenStore(), _walletChain, _entropy, TimeProvider.System, null, Token)).Value);
        await SyncAsync();
        var later = (await _anchorer.PostAsync(Forced, null, makesAnchor: false, isLate: true, new PostPrice(new FeeratePerKvB(6_000), null, Note), Token)).Value;
        Assert.Equal((later.TxId, new FeeratePerKvB(7_500)), noted[^1]);
        Assert.Equal([commitment.TxId, later.TxId], _bitcoin.Mempool.Select(static one => one.TxId));
        await MineAsync(1);
        AssertShownOnce(Forced, later);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_whose_commitment_is_too_cheap_for_the_mempool_is_paid_out_of_the_same_coins(bool firstIsMined)
    {
        var cheap = await PostForcedAsync(new PostPrice(null, new FeeratePerKvB(1_000), null));
        var before = _bitcoin.Mempool[0];
        _bitcoin.Minimum = new FeeratePerKvB(10_000);
        _bitcoin.Forget(before.TxId);
        while (_wallet.FindTransaction(before.TxId)!.State is WalletTransactionState.Pending)
            await _wallet.NextChange.WaitAsync(TimeSpan.FromMilliseconds(20), Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        // More than this post may pay is refused, and nothing is done.
        _bitcoin.HandedIn.Clear();
        var refused = await _anchorer.PostAsync(Forced, null, makesAnchor: false, isLate: false, new PostPrice(new FeeratePerKvB(1_000), new FeeratePerKvB(60_000), null), Token);
        Assert.Equal("feerate", refused.Error.Field);
        Assert.Empty(_bitcoin.HandedIn);

        var dear = await PostForcedAsync(new PostPrice(new FeeratePerKvB(1_000), new FeeratePerKvB(12_000), null));
        var after = _bitcoin.Mempool[0];
        Assert.NotEqual(before.TxId, after.TxId);
        Assert.Equal(before.Inputs.Select(static input => input.PreviousOutput), after.Inputs.Select(static input => input.PreviousOutput));
        Assert.Equal([after.TxId, dear.TxId], _bitcoin.Mempool.Select(static one => one.TxId));

        // A miner may know the first pair all the same: then the second is none.
        if (firstIsMined)
        {
            _bitcoin.Mine(Elsewhere, [before, cheap]);
            await SyncAsync();
        }
        else
        {
            await MineAsync(1);
        }

        AssertShownOnce(Forced, firstIsMined ? cheap : dear);
        Assert.Equal(firstIsMined ? cheap.TxId : dear.TxId, (await PostForcedAsync(PostPrice.Estimated)).TxId);
        Assert.Empty(_bitcoin.Mempool);
    }

    private Envelope Forced => new(EnvelopeKind.Forced, new byte[200], Key);

    private async Task<Transaction> PostForcedAsync(PostPrice price)
    {
        var posted = await _anchorer.PostAsync(Forced, null, makesAnchor: false, isLate: false, price, Token);
        Assert.True(posted.TryGet(out var transaction, out var refusal), refusal?.ToString());
        return transaction;
    }

    private Envelope Genesis => new(EnvelopeKind.Genesis, new byte[150], Key);

    private Envelope Batch(byte number) => new(EnvelopeKind.Batch, Enumerable.Repeat(number, 700).ToArray(), Key);

    private async Task<Transaction> PostAsync(Envelope envelope, OutPoint? anchor, bool isLate = false)
    {
        var posted = await _anchorer.PostAsync(envelope, anchor, makesAnchor: true, isLate, Token);
        Assert.True(posted.TryGet(out var transaction, out var refusal), refusal?.ToString());
        return transaction;
    }

    private WalletLogStore OpenStore() => WalletLogStore.Open(Path.Combine(_folder, "wallet"), _entropy).Value;

    private void Start(Wallet wallet)
    {
        _wallet = wallet;
        _anchorer = new Anchorer(wallet, _bitcoin, _key, _entropy, s_most);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _following = wallet.RunAsync(_stop.Token);
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _wallet.DisposeAsync();
        _stop.Dispose();
    }

    private async Task SyncAsync()
    {
        Assert.Null(await _wallet.WaitUntilSyncedAsync(Token));
        while (!_wallet.Status.IsSynced)
            await _wallet.NextChange.WaitAsync(TimeSpan.FromMilliseconds(20), Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task MineAsync(int count)
    {
        _walletChain.IsDeaf = false;
        _bitcoin.Mine(Elsewhere, count);
        await SyncAsync();
    }

    // From here on nothing that the wallet offers arrives.
    private async Task ReorganiseAsync(int depth, Func<Transaction, bool> stays)
    {
        _walletChain.IsDeaf = true;
        _bitcoin.Reorganise(depth, Elsewhere, stays);
        await SyncAsync();
        _bitcoin.HandedIn.Clear();
    }

    private void AssertShownOnce(Envelope envelope, Transaction shown)
    {
        var found = _bitcoin.Blocks.SelectMany(static block => block.Transactions)
            .Where(transaction => Enumerable.Range(0, transaction.InputCount).Any(input => Envelope.IsShown(transaction, input, out var script) && script == envelope.Build()));
        Assert.Equal(shown.TxId, Assert.Single(found).TxId);
        Assert.Single(_bitcoin.Blocks.SelectMany(static block => block.Transactions), transaction => transaction.Outputs.Any(output => output.ScriptPubKey == AnchorOutputs.Commitment(envelope).ScriptPubKey));
        Assert.Empty(_bitcoin.Mempool);
    }
}
