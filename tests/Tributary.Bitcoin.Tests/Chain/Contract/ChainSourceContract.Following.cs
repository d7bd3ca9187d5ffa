using Tributary.Bitcoin.Chain;

namespace Tributary.Bitcoin.Tests.Chain.Contract;

public abstract partial class ChainSourceContract
{
    [Fact]
    public async Task The_chain_is_followed_from_genesis_block_by_block()
    {
        var tip = await Driver.MineAsync(5, Cancellation);
        var replica = new Replica();
        await using var events = Follow(null);

        await replica.FollowToAsync(events, tip, Cancellation);

        Assert.Equal((tip.Height, 0), replica.Counts);
    }

    [Fact]
    public async Task The_stream_goes_on_from_a_position_and_waits_for_new_blocks()
    {
        var position = await Driver.TipAsync(Cancellation);
        var replica = new Replica(position);
        await using var events = Follow(position);
        var first = events.MoveNext();
        Assert.False(first.IsCompleted);

        await replica.FollowToAsync(events, await Driver.MineAsync(1, Cancellation), Cancellation);
        await replica.FollowToAsync(events, await Driver.MineAsync(3, Cancellation), Cancellation);

        Assert.Equal((4, 0), replica.Counts);
    }

    [Fact]
    public async Task A_reorganisation_takes_back_the_old_blocks_and_then_puts_on_the_new()
    {
        var position = await Driver.MineAsync(3, Cancellation);
        var replica = new Replica(position);
        await using var events = Follow(position);
        _ = events.MoveNext();

        var tip = await Driver.ReorganiseAsync(3, Cancellation);
        await replica.FollowToAsync(events, tip, Cancellation);

        Assert.Equal(position.Height + 1, tip.Height);
        Assert.True(replica.Counts.Disconnected >= 3, "Three blocks were taken back.");
    }

    [Fact]
    public async Task A_position_that_lost_is_taken_back_to_the_fork_first()
    {
        var position = await Driver.MineAsync(2, Cancellation);
        var tip = await Driver.ReorganiseAsync(2, Cancellation);
        var replica = new Replica(position);
        await using var events = Follow(position);

        await replica.FollowToAsync(events, tip, Cancellation);

        Assert.Equal((3, 2), replica.Counts);
    }

    [Fact]
    public async Task A_chain_that_gets_shorter_is_followed_down_and_up_again()
    {
        var position = await Driver.MineAsync(3, Cancellation);
        var replica = new Replica(position);
        await using var events = Follow(position);
        _ = events.MoveNext();
        var first = (await Source.GetBlockHashAsync(position.Height - 1, Cancellation)).Value;

        await Driver.InvalidateAsync(first, Cancellation);
        var shorter = await Driver.TipAsync(Cancellation);
        Assert.Equal(position.Height - 2, shorter.Height);
        await replica.FollowToAsync(events, shorter, Cancellation);
        Assert.Equal((0, 2), replica.Counts);

        await Driver.ReconsiderAsync(first, Cancellation);
        await replica.FollowToAsync(events, position, Cancellation);
        Assert.Equal((2, 2), replica.Counts);
    }

    [Fact]
    public async Task Reorganisations_in_quick_succession_still_give_a_chain_of_events_that_fits()
    {
        var position = await Driver.MineAsync(4, Cancellation);
        var replica = new Replica(position);
        await using var events = Follow(position);
        _ = events.MoveNext();

        for (var depth = 1; depth <= 4; depth++)
            await Driver.ReorganiseAsync(depth, Cancellation);
        var tip = await Driver.MineAsync(1, Cancellation);

        await replica.FollowToAsync(events, tip, Cancellation);
    }

    [Fact]
    public async Task Two_streams_do_not_disturb_each_other()
    {
        var position = await Driver.TipAsync(Cancellation);
        var (one, two) = (new Replica(position), new Replica());
        await using var first = Follow(position);
        await using var second = Follow(null);

        var tip = await Driver.MineAsync(2, Cancellation);

        await one.FollowToAsync(first, tip, Cancellation);
        await two.FollowToAsync(second, tip, Cancellation);
    }

    [Fact]
    public async Task A_cancelled_stream_ends_as_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var position = await Driver.TipAsync(Cancellation);
        await using var events = Source.FollowAsync(position, stop.Token).GetAsyncEnumerator(stop.Token);
        await using var mempool = Source.FollowMempoolAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var waiting = events.MoveNextAsync().AsTask();
        var waitingForMempool = mempool.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waitingForMempool);
    }

    [Fact]
    public async Task The_stream_resumes_where_it_was_when_the_chain_went_away_and_came_back()
    {
        var position = await Driver.MineAsync(2, Cancellation);
        var replica = new Replica(position);
        var first = Follow(position);
        _ = first.MoveNext();
        await replica.FollowToAsync(first, await Driver.MineAsync(1, Cancellation), Cancellation);

        var source = Source;
        await Driver.GoAwayAsync(Cancellation);
        await Driver.ComeBackAsync(Cancellation);
        var tip = await Driver.MineAsync(2, Cancellation);

        // A source that lives on keeps its streams; one that was opened anew is followed from the position that was reached.
        if (!ReferenceEquals(source, Source))
        {
            await first.DisposeAsync();
            first = Follow(replica.Tip);
        }

        await replica.FollowToAsync(first, tip, Cancellation);
        await first.DisposeAsync();
        Assert.Equal((3, 0), replica.Counts);
    }

    [Fact]
    public async Task Blocks_and_the_mempool_outlive_the_process()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var waiting = coin.Pay(fee: 1000);
        await BroadcastAsync(waiting);
        var tip = await Driver.TipAsync(Cancellation);

        await Driver.GoAwayAsync(Cancellation);
        await Driver.ComeBackAsync(Cancellation);

        Assert.Equal(tip, await Driver.TipAsync(Cancellation));
        await using var mempool = FollowMempool();
        await mempool.UntilAsync(one => one is MempoolEvent.Entered entered && entered.Transaction.TxId == waiting.TxId, Cancellation);
        await Driver.MineAsync(1, Cancellation);
        Assert.Equal(tip.Height + 1, (await Source.GetOutspendAsync(coin.OutPoint, null, Cancellation)).Value.Height);
    }
}
