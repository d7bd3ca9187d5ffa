using Tributary.Finance.Amounts;
using Tributary.Finance.Htlcs;
using Tributary.Primitives.Amounts;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Swaps;

namespace Tributary.Rollup.Tests.Swaps;

/// <summary>
/// Swaps between Bitcoin and the rollup, where each party lives for one step at a time, dies after every step in turn, and deals with an operator of ill
/// will: an honest party loses fees at most.
/// </summary>
public sealed class SwapTests
{
    private const long Fees = SwapWorld.Fees;
    private const int AllBlocks = SwapWorld.AllBlocks;

    public static TheoryData<SwapDirection, int, int> Aborts() => SwapWorld.Aborts();

    [Theory]
    [InlineData(SwapDirection.In)]
    [InlineData(SwapDirection.Out)]
    public async Task A_swap_pays_both_sides(SwapDirection direction)
    {
        await using var world = await SwapWorld.CreateAsync(direction);
        await world.RunToTheEndAsync();
    }

    [Theory]
    [InlineData(SwapDirection.In)]
    [InlineData(SwapDirection.Out)]
    public async Task A_swap_pays_both_sides_once_although_each_process_dies_around_everything_it_does(SwapDirection direction)
    {
        await using var world = await SwapWorld.CreateAsync(direction);
        (world.Client.IsFrail, world.Provider.IsFrail) = (true, true);
        await world.RunToTheEndAsync();
        Assert.True(world.Client.Deaths >= 4 && world.Provider.Deaths >= 4);
        Assert.Single(
            world.Blocks.SelectMany(static block => block.Transactions).SelectMany(static transaction => transaction.Outputs),
            output => output.ScriptPubKey == world.Terms.Contract.Value.ScriptPubKey);
    }

    [Theory]
    [MemberData(nameof(Aborts))]
    public async Task A_swap_that_one_side_leaves_after_any_step_costs_the_other_nothing(SwapDirection direction, int clientSteps, int providerSteps)
    {
        await using var world = await SwapWorld.CreateAsync(direction, null, clientSteps, providerSteps);
        await world.LeaveAsync();
    }

    [Theory]
    [InlineData(SwapDirection.In, SwapRole.Client)]
    [InlineData(SwapDirection.Out, SwapRole.Client)]
    [InlineData(SwapDirection.In, SwapRole.Provider)]
    [InlineData(SwapDirection.Out, SwapRole.Provider)]
    public async Task A_swap_that_one_side_gives_up_before_it_locks_leaves_nothing_behind(SwapDirection direction, SwapRole quitter)
    {
        await using var world = await SwapWorld.CreateAsync(direction);
        var party = quitter == SwapRole.Client ? world.Client : world.Provider;
        Assert.Null(await party.AbortAsync());
        await world.LeaveAsync();
        Assert.Equal(SwapStep.Unlocked, party.Last);
        Assert.DoesNotContain(party.Steps, static step => step is SwapStep.Fund or SwapStep.LockOnRollup);
        Assert.Equal("swap", (await party.AbortAsync())!.Field);
    }

    [Theory]
    [InlineData(SwapDirection.In)]
    [InlineData(SwapDirection.Out)]
    public async Task A_client_that_gives_up_after_it_locked_gets_its_money_back_and_shows_no_preimage(SwapDirection direction)
    {
        await using var world = await SwapWorld.CreateAsync(direction);
        await RunUntilAsync(world, () => world.Provider.Steps.Count > 0);
        Assert.Null(await world.Client.AbortAsync());
        await world.LeaveAsync();
        Assert.Equal((SwapStep.Refunded, SwapStep.Refunded), (world.Client.Last, world.Provider.Last));
        Assert.DoesNotContain(world.Client.Steps, static step => step is SwapStep.ClaimOnChain or SwapStep.ClaimOnRollup or SwapStep.PostClaim);
    }

    [Theory]
    [InlineData(SwapDirection.In)]
    [InlineData(SwapDirection.Out)]
    public async Task A_client_that_has_shown_the_preimage_cannot_give_up(SwapDirection direction)
    {
        await using var world = await SwapWorld.CreateAsync(direction);
        await RunUntilAsync(world, () => world.Client.Steps.Any(static step => step is SwapStep.ClaimOnChain or SwapStep.ClaimOnRollup));
        Assert.Contains("preimage may be known", (await world.Client.AbortAsync())!.Reason, StringComparison.Ordinal);
        await world.RunToTheEndAsync();
    }

    [Theory]
    [InlineData(SwapDirection.In, true)]
    [InlineData(SwapDirection.In, false)]
    [InlineData(SwapDirection.Out, true)]
    [InlineData(SwapDirection.Out, false)]
    public async Task A_sequencer_that_censors_claims_and_refunds_is_passed_by_posts(SwapDirection direction, bool isClaimed)
    {
        await using var world = await SwapWorld.CreateAsync(direction, null, isClaimed ? int.MaxValue : direction == SwapDirection.In ? 1 : int.MaxValue, isClaimed || direction == SwapDirection.In ? int.MaxValue : 0);
        world.Censors = static operation => operation.Request.Authorisation is null;
        await world.RunAsync(AllBlocks);
        TestParty[] honest = isClaimed ? [world.Client, world.Provider] : direction == SwapDirection.In ? [world.Provider] : [world.Client];
        Assert.All(honest, party => Assert.InRange(world.Gain(party), -Fees, Fees));
        Assert.All(honest, party => Assert.Equal(isClaimed ? SwapStep.Swapped : SwapStep.Refunded, party.Last));
        Assert.Contains(honest, static party => party.Steps.Contains(SwapStep.PostClaim) || party.Steps.Contains(SwapStep.PostRefund));
    }

    [Fact]
    public async Task An_operator_that_holds_the_rollups_clock_back_cannot_claim_behind_the_refund_on_bitcoin()
    {
        // The client conspires with the operator: its claim stands in a batch of the last moment before the timeout, which is anchored as late as Bitcoin
        // allows. The provider has posted its refund at the timeout, and has time left to claim on Bitcoin.
        await using var world = await SwapWorld.CreateAsync(SwapDirection.In, null, clientSteps: 1);
        await RunUntilAsync(world, () => world.Provider.Steps.Contains(SwapStep.LockOnRollup) && world.Tip == world.Terms.RollupTimeout - 1);
        world.IsStalled = true;
        var (header, body) = world.Batches.Make(static builder => Assert.Null(builder.Add(new(new ClaimHtlc(new HtlcId(1), SwapWorld.Preimage), null), []).Refusal));
        Assert.Equal(world.Terms.RollupTimeout - 1, header.Height);
        await RunUntilAsync(world, () => world.Provider.Steps.Contains(SwapStep.PostRefund) && world.Replica.Posts.Count > 0);
        var posted = world.Replica.Posts[0].Height;
        await RunUntilAsync(world, () => world.Tip == posted + ForcedPost.DueBlocks - 1);
        await world.Batches.AnchorAsync(header, body);
        Assert.Empty(world.Replica.Refused);
        Assert.Equal(posted + ForcedPost.DueBlocks, world.Tip);
        Assert.True(world.Tip + SwapWorld.Margins.Confirm < world.Terms.BitcoinTimeout);
        world.IsStalled = false;
        world.Prove();
        await world.RunAsync(20);
        Assert.Equal(SwapStep.Swapped, world.Provider.Last);
        Assert.InRange(world.Gain(world.Provider), -Fees, Fees);
    }

    [Fact]
    public async Task A_batch_of_an_earlier_time_that_comes_after_the_refund_is_due_counts_for_nothing()
    {
        await using var world = await SwapWorld.CreateAsync(SwapDirection.In, null, clientSteps: 1);
        await RunUntilAsync(world, () => world.Provider.Steps.Contains(SwapStep.LockOnRollup) && world.Tip == world.Terms.RollupTimeout - 1);
        world.IsStalled = true;
        var before = world.Batches.Last!;
        var (header, body) = world.Batches.Make(static builder => Assert.Null(builder.Add(new(new ClaimHtlc(new HtlcId(1), SwapWorld.Preimage), null), []).Refusal));
        await RunUntilAsync(world, () => world.Replica.Posts.Count > 0);
        await RunUntilAsync(world, () => world.Tip == world.Replica.Posts[0].Height + ForcedPost.DueBlocks);
        await world.Batches.AnchorAsync(header, body);
        Assert.Equal("batch.forced_cursor", Assert.Single(world.Replica.Refused).Why.Field);

        // The operator has to consume the refund to go on at all.
        world.Batches.Forget(before);
        world.IsStalled = false;
        await world.RunAsync(20);
        Assert.Equal(SwapStep.Refunded, world.Provider.Last);
        Assert.InRange(world.Gain(world.Provider), -Fees, 0);
    }

    [Fact]
    public async Task Terms_that_would_cost_somebody_are_not_entered_into()
    {
        await using var world = await SwapWorld.CreateAsync(SwapDirection.In);
        var (terms, tip) = (world.Terms, world.Tip);
        Assert.Null(terms.Check(SwapWorld.Margins, tip));
        (SwapTerms Terms, string Field)[] refused =
        [
            (terms with { BitcoinTimeout = terms.BitcoinTimeout - 1 }, "timeout"),
            (terms with { Direction = SwapDirection.Out }, "timeout"),
            (terms with { OnChain = new Satoshis(4_999) }, "amount"),
            (terms with { Provider = terms.Client }, "provider"),
            (terms with { ClaimKey = terms.RefundKey }, "key"),
            (terms with { ClaimKey = default }, "key"),
            (terms with { RollupTimeout = terms.RollupTimeout - 20 }, "timeout"),
            (terms with { BitcoinTimeout = 500_000_000 }, "timeout"),
        ];
        foreach (var (each, field) in refused)
            Assert.Equal(field, each.Check(SwapWorld.Margins, tip)!.Field);
        Assert.Equal("timeout", terms.Check(SwapWorld.Margins, (int)terms.FirstLockBy(SwapWorld.Margins) + 1)!.Field);
        Assert.Equal("margins", terms.Check(SwapWorld.Margins with { Post = 0 }, tip)!.Field);
        Assert.Equal("preimage", terms.Contract.Value.Claim(default, SwapWorld.Amount, terms.Rollup, default, new FeeratePerKvB(1_000), world.Client.Key, new Crypto.SeededEntropy(1)).Error.Field);
    }

    private static async Task RunUntilAsync(SwapWorld world, Func<bool> isReached)
    {
        for (var i = 0; i < AllBlocks && !isReached(); i++)
        {
            await world.Client.StepAsync();
            await world.Provider.StepAsync();
            await world.NextBlockAsync();
        }

        Assert.True(isReached());
    }
}
