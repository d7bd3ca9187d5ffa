using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Tests.Chain.Contract;

/// <summary>
/// What every chain source promises. Each source has a class derived from this one that says how its chain is moved; the tests are the same.
/// </summary>
public abstract partial class ChainSourceContract : IAsyncLifetime
{
    private ChainDriver? _driver;

    protected ChainDriver Driver => _driver!;

    protected IChainSource Source => Driver.Source;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _driver = await StartAsync(Cancellation);
        // An empty mempool and a block of our own to begin with.
        await Driver.MineAsync(1, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_driver is not null)
            await _driver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ChainDriver> StartAsync(CancellationToken cancellationToken);

    protected async Task BroadcastAsync(Transaction transaction)
    {
        var verdict = (await Source.BroadcastAsync(transaction, Cancellation)).Value;
        Assert.True(verdict.IsAccepted, verdict.RejectReason);
    }

    protected EventReader<ChainEvent> Follow(ChainTip? from) => new(cancellation => Source.FollowAsync(from, cancellation));

    protected EventReader<MempoolEvent> FollowMempool() => new(Source.FollowMempoolAsync);

    [Fact]
    public async Task The_tip_is_the_last_block_and_shows_in_the_status()
    {
        var tip = await Driver.MineAsync(2, Cancellation);

        Assert.Equal(tip.Hash, (await Source.GetBlockHashAsync(tip.Height, Cancellation)).Value);
        Assert.True(Source.Status.IsSynced, Source.Status.Problem);
        Assert.Equal(tip, Source.Status.Tip);
        Assert.Null(Source.Status.Problem);
        Assert.Same(BitcoinNetwork.Regtest, Source.Network);
    }

    [Fact]
    public async Task Blocks_are_found_by_height_and_by_hash_and_the_genesis_block_is_one_of_them()
    {
        var tip = await Driver.MineAsync(1, Cancellation);

        var genesis = (await Source.GetBlockHashAsync(0, Cancellation)).Value;
        Assert.Equal(BitcoinNetwork.Regtest.GenesisHash, genesis);
        Assert.Equal(genesis, (await Source.GetBlockAsync(genesis, Cancellation)).Value.Hash);
        Assert.Equal(tip.Hash, (await Source.GetBlockAsync(tip.Hash, Cancellation)).Value.Hash);
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetBlockHashAsync(tip.Height + 1, Cancellation)).Error.Kind);
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetBlockHashAsync(-1, Cancellation)).Error.Kind);
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetBlockAsync(default, Cancellation)).Error.Kind);
    }

    [Fact]
    public async Task A_block_that_lost_is_still_found_by_its_hash()
    {
        var tip = await Driver.MineAsync(1, Cancellation);

        await Driver.ReorganiseAsync(1, Cancellation);

        Assert.Equal(tip.Hash, (await Source.GetBlockAsync(tip.Hash, Cancellation)).Value.Hash);
        Assert.NotEqual(tip.Hash, (await Source.GetBlockHashAsync(tip.Height, Cancellation)).Value);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Source.GetTipAsync(cancelled.Token));
    }

    [Fact]
    public async Task A_closed_source_says_so_and_never_answers_as_if_the_chain_were_empty()
    {
        var source = Source;
        var tip = await Driver.TipAsync(Cancellation);
        await using var events = new EventReader<ChainEvent>(cancellation => source.FollowAsync(tip, cancellation));
        await using var mempool = new EventReader<MempoolEvent>(source.FollowMempoolAsync);
        var waiting = events.MoveNext();
        var waitingForMempool = mempool.MoveNext();

        await source.DisposeAsync();
        await source.DisposeAsync();

        Assert.Equal(ChainErrorKind.Closed, (await source.GetTipAsync(Cancellation)).Error.Kind);
        Assert.Equal(ChainErrorKind.Closed, (await source.GetBlockAsync(tip.Hash, Cancellation)).Error.Kind);
        Assert.Equal(ChainErrorKind.Closed, (await source.GetUnspentAsync(new OutPoint(default, 0), Cancellation)).Error.Kind);
        Assert.False(source.Status.IsSynced);
        Assert.NotNull(source.Status.Problem);
        Assert.Equal(ChainErrorKind.Closed, (await Assert.ThrowsAsync<ChainSourceLostException>(async () => await waiting.WaitAsync(TimeSpan.FromMinutes(1), Cancellation))).Error.Kind);
        Assert.Equal(ChainErrorKind.Closed, (await Assert.ThrowsAsync<ChainSourceLostException>(async () => await waitingForMempool.WaitAsync(TimeSpan.FromMinutes(1), Cancellation))).Error.Kind);
    }
}
