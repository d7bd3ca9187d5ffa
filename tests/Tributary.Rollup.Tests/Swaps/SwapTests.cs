using Tributary.Finance.Amounts;
using Tributary.Finance.Htlcs;
using Tributary.Primitives.Amounts;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Swaps;
using Tributary.Rollup.Tests.Anchoring;
using Tributary.Testing.Bitcoind;

namespace Tributary.Rollup.Tests.Swaps;

/// <summary>
/// Swaps between Bitcoin and the rollup, where each party lives for one step at a time, dies after every step in turn, and deals with an operator of ill
/// will: an honest party loses fees at most.
/// </summary>
public sealed class SwapTests(BitcoindFixture bitcoind)
{
    /// <summary>What an honest party may lose: fees on both sides.</summary>
    private const long Fees = 3_000;

    /// <summary>Blocks until every timeout is over.</summary>
    private const int AllBlocks = 40 + 160 + 60;

    public static TheoryData<SwapDirection, int, int> Aborts()
    {
        var data = new TheoryData<SwapDirection, int, int>();
        foreach (var direction in (SwapDirection[])[SwapDirection.In, SwapDirection.Out])
        {
            for (var steps = 0; steps <= 3; steps++)
            {
                data.Add(direction, steps, int.MaxValue);
                data.Add(direction, int.MaxValue, steps);
            }
        }

        return data;
    }

    [Theory]
    [InlineData(SwapDirection.In)]
    [InlineData(SwapDirection.Out)]
    public async Task A_swap_pays_both_sides(SwapDirection direction)
    {
        await using var world = await SwapWorld.CreateAsync(direction);
        await RunToTheEndAsync(world);
    }

    [Theory]
    [InlineData(SwapDirection.In)]
    [InlineData(SwapDirection.Out)]
    public async Task A_swap_pays_both_sides_once_although_each_process_dies_around_everything_it_does(SwapDirection direction)
    {
        await using var world = await SwapWorld.CreateAsync(direction);
        (world.Client.IsFrail, world.Provider.IsFrail) = (true, true);
        await RunToTheEndAsync(world);
        Assert.True(world.Client.Deaths >= 4 && world.Provider.Deaths >= 4);
        Assert.Single(
            world.Blocks.SelectMany(static block => block.Transactions).SelectMany(static transaction => transaction.Outputs),
            output => output.ScriptPubKey == world.Terms.Contract.Value.ScriptPubKey);
    }

    [Theory]
    [InlineData(SwapDirection.In)]
    [InlineData(SwapDirection.Out)]
    public async Task A_swap_pays_both_sides_on_a_real_bitcoind(SwapDirection direction)
    {
        var node = await bitcoind.StartAsync([], TestContext.Current.CancellationToken);
        await using var world = await SwapWorld.CreateAsync(direction, new BitcoindTestChain(node));
        await RunToTheEndAsync(world);
    }

    [Theory]
    [MemberData(nameof(Aborts))]
    public async Task A_swap_that_one_side_leaves_after_any_step_costs_the_other_nothing(SwapDirection direction, int clientSteps, int providerSteps)
    {
        await using var world = await SwapWorld.CreateAsync(direction, null, clientSteps, providerSteps);
        await LeaveAsync(world);
    }

    [Theory]
    [MemberData(nameof(Aborts))]
    public async Task The_same_on_a_real_bitcoind(SwapDirection direction, int clientSteps, int providerSteps)
    {
        // All of them where the environment asks for it; else those in which a side has locked and is gone.
        if (Environment.GetEnvironmentVariable("TRIBUTARY_SWAPS_BITCOIND") is null && (clientSteps, providerSteps) is not ((1, int.MaxValue) or (int.MaxValue, 1)))
            Assert.Skip("TRIBUTARY_SWAPS_BITCOIND runs this on a real bitcoind as well");
        var node = await bitcoind.StartAsync([], TestContext.Current.CancellationToken);
        await using var world = await SwapWorld.CreateAsync(direction, new BitcoindTestChain(node), clientSteps, providerSteps);
        await LeaveAsync(world);
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

    private static async Task RunToTheEndAsync(SwapWorld world)
    {
        await world.RunAsync(60);
        Assert.Equal(SwapStep.Swapped, world.Client.Last);
        Assert.Equal(SwapStep.Swapped, world.Provider.Last);
        foreach (var party in (TestParty[])[world.Client, world.Provider])
            Assert.InRange(world.Gain(party), -Fees, 0);
        var sign = world.Terms.Direction == SwapDirection.In ? 1 : -1;
        Assert.InRange(sign * ((long)world.Batches.BalanceOf(2) - 50_000), SwapWorld.Amount.Value - 10, SwapWorld.Amount.Value + 10);
        Assert.True(world.Replica.ReportLiabilities()!.IsCovered);
    }

    private static async Task LeaveAsync(SwapWorld world)
    {
        await world.RunAsync(AllBlocks);
        foreach (var party in (TestParty[])[world.Client, world.Provider])
        {
            if (party.IsGone)
                continue;
            Assert.InRange(world.Gain(party), -Fees, long.MaxValue);
            Assert.Contains(party.Last, (SwapStep[])[SwapStep.Swapped, SwapStep.Refunded, SwapStep.Unlocked]);
        }
    }
}
