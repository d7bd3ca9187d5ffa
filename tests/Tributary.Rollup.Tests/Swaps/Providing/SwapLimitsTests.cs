using Tributary.Primitives.Amounts;
using Tributary.Rollup.Swaps.Providing;

namespace Tributary.Rollup.Tests.Swaps.Providing;

public sealed class SwapLimitsTests
{
    private static readonly SwapLimits s_limits = new()
    {
        OpenMax = 6,
        OpenPerAccountMax = 4,
        AmountPerAccountMax = new Satoshis(100_000),
        WaitingMax = 4,
        WaitingPerAccountMax = 2,
        WaitingAmountMax = new Satoshis(90_000),
        LapsedPerAccountMax = 2,
        LapsedMax = 3,
        LapsedBlocks = 10,
    };

    [Fact]
    public void Swaps_of_one_account_are_bounded_in_number_and_amount_and_others_are_not_by_it()
    {
        Assert.Null(Check(1, 10_000));
        PromisedSwap[] waiting = [Swap(1, 20_000), Swap(1, 20_000)];
        Assert.Equal("account", Check(1, 10_000, waiting));
        Assert.Null(Check(2, 10_000, waiting));

        PromisedSwap[] open = [.. Enumerable.Repeat(Swap(1, 10_000, isWaiting: false), 4)];
        Assert.Equal("account", Check(1, 10_000, open));
        Assert.Null(Check(2, 10_000, open));

        PromisedSwap[] large = [Swap(1, 80_000, isWaiting: false)];
        Assert.Equal("amount", Check(1, 20_001, large));
        Assert.Null(Check(1, 20_000, large));
        Assert.Null(Check(2, 20_001, large));
    }

    [Fact]
    public void What_is_set_aside_for_swaps_that_nobody_begins_is_bounded_for_all_together()
    {
        PromisedSwap[] waiting = [Swap(1, 40_000), Swap(2, 30_000), Swap(3, 50_000, isWaiting: false)];
        Assert.Equal(20_000, s_limits.FreeOf(waiting));
        Assert.Null(Check(4, 20_000, waiting));
        Assert.Equal("amount", Check(4, 20_001, waiting));
        Assert.Equal("swaps", Check(4, 1, [Swap(1, 40_000), Swap(2, 50_000)]));
        Assert.Equal("swaps", Check(4, 1, [.. Enumerable.Range(5, 4).Select(static account => Swap((uint)account, 1_000))]));
        Assert.Equal("swaps", Check(4, 1, [.. Enumerable.Range(5, 6).Select(static account => Swap((uint)account, 1_000, isWaiting: false))]));
    }

    [Fact]
    public void Account_that_asks_and_does_not_begin_gets_no_more_for_a_while_and_is_told_for_how_long()
    {
        LapsedSwap[] lapsed = [new(1, 100), new(1, 104)];
        var refused = s_limits.Check(1, new Satoshis(1_000), [], lapsed, 105)!;
        Assert.Equal("account", refused.Field);
        Assert.Contains("height 110 ", refused.Reason, StringComparison.Ordinal);
        Assert.NotNull(s_limits.Check(1, new Satoshis(1_000), [], lapsed, 109));
        Assert.Null(s_limits.Check(1, new Satoshis(1_000), [], lapsed, 110));
        Assert.Null(s_limits.Check(2, new Satoshis(1_000), [], lapsed, 105));

        // Many accounts that do the same are one.
        LapsedSwap[] many = [.. lapsed, new(7, 102)];
        Assert.Equal("swaps", s_limits.Check(2, new Satoshis(1_000), [], many, 105)!.Field);
        Assert.Null(s_limits.Check(2, new Satoshis(1_000), [], many, 110));
    }

    private static PromisedSwap Swap(uint account, long amount, bool isWaiting = true) => new(account, new Satoshis(amount), isWaiting);

    private static string? Check(uint account, long amount, params PromisedSwap[] open) => s_limits.Check(account, new Satoshis(amount), open, [], 100)?.Field;
}
