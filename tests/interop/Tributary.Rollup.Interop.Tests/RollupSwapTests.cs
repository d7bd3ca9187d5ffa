using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Tributary.Testing.Bitcoind;

namespace Tributary.Rollup.Interop.Tests;

/// <summary><c>tributary rollup swap</c> with both parties as processes and a real bitcoind: nobody loses more than fees, whoever dies or leaves when.</summary>
public sealed class RollupSwapTests(BitcoindFixture fixture)
{
    private const string Margins = "2,4,4,4,12";

    // Fees of miners and of the operator that a swap with a refund or a restart may cost.
    private const long Fees = 8_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Swaps_in_and_out_pay_both_sides_although_both_processes_are_killed_at_every_step()
    {
        await using var world = await StartAsync();
        foreach (var (direction, amount) in new[] { ("in", 60_000L), ("out", 70_000L) })
        {
            var client = await WorthAsync(world, "alice");
            var run = new SwapRun(world, "alice") { KillsClient = true, KillsOperator = true };
            var last = await run.RunAsync(["swap", direction, "--data", world.Folder("alice"), "--amount", Text(amount), "--margins", Margins], s_patience);
            Assert.Equal("swapped", last.GetProperty("state").GetString());
            Assert.True(run.ClientDeaths >= 5, $"the client died {run.ClientDeaths} times");
            Assert.True(run.OperatorDeaths >= 2, $"the operator died {run.OperatorDeaths} times");
            var fee = last.GetProperty("fee_sat").GetInt64();
            await run.SettleAsync();
            Assert.InRange(await WorthAsync(world, "alice") - client, -fee - Fees, -fee);

            // Both contracts ended once, and the operator has gained its fee.
            var progress = (await world.GetAsync($"v1/swaps/{last.GetProperty("swap").GetString()}", Token))!.Value;
            Assert.Equal("swapped", progress.GetProperty("outcome").GetString());
            var status = await world.DoAsync(Token, "swap", "status", "--data", world.Folder("alice"));
            Assert.All(status.GetProperty("swaps").EnumerateArray(), static swap => Assert.Equal("swapped", swap.GetProperty("state").GetString()));
        }

        await CheckTheDeskAsync(world, gainAtLeast: 2 * 200);
    }

    [Fact]
    public async Task Swaps_that_either_side_gives_up_or_that_time_out_give_everybody_their_money_back()
    {
        await using var world = await StartAsync();
        _ = await world.CreateWalletAsync("bob", Token);
        await world.DepositAsync("bob", 200_000, Token);
        await world.SettleAsync(Token);
        var (alice, bob) = (await WorthAsync(world, "alice"), await WorthAsync(world, "bob"));

        // Given up before anything is locked: both know, and an offer that is not accepted locks nothing.
        var offer = await world.WithChainAsync(Token, "swap", "offer", "--data", world.Folder("alice"), "--direction", "in", "--amount", "50000", "--margins", Margins);
        Assert.Equal("agreed", offer.GetProperty("state").GetString());
        var given = await world.DoAsync(Token, "swap", "abort", offer.GetProperty("swap").GetString()!, "--data", world.Folder("alice"));
        Assert.Equal("unlocked", given.GetProperty("state").GetString());
        await UntilOutcomeAsync(world, offer, "unlocked");

        // Alice's coins are in the contract and the operator has locked its side: then she gives up.
        var run = new SwapRun(world, "alice") { Until = static line => line.GetProperty("on_rollup").GetString() is "open" };
        var left = await run.RunAsync(["swap", "in", "--data", world.Folder("alice"), "--amount", "60000", "--margins", Margins], s_patience);
        var aliceSwap = left.GetProperty("swap").GetString()!;
        if (left.GetProperty("state").GetString() is "locked")
            Assert.Equal("given_up", (await world.DoAsync(Token, "swap", "abort", aliceSwap, "--data", world.Folder("alice"))).GetProperty("state").GetString());

        // Bob locks in the rollup, and the operator no longer wants to.
        var second = new SwapRun(world, "bob") { Until = static line => line.GetProperty("state").GetString() is "locking" };
        var bobLeft = await second.RunAsync(["swap", "out", "--data", world.Folder("bob"), "--amount", "40000", "--margins", Margins], s_patience);
        var bobSwap = bobLeft.GetProperty("swap").GetString()!;
        await world.KillOperatorAsync(Token);
        await world.StartOperatorAsync(Token, [.. world.OperatorExtras, "--swap-drain"]);
        Assert.Contains("no new swaps", await OffersAsync(world, "bob"), StringComparison.Ordinal);

        // Time passes. Everybody takes back what is theirs.
        var ends = new[] { left, bobLeft }.SelectMany(static line => new[] { line.GetProperty("rollup_timeout").GetInt32(), line.GetProperty("bitcoin_timeout").GetInt32() }).Distinct().Order().ToList();
        await using var first = world.StartCommand("swap", "resume", "--data", world.Folder("alice"));
        await using var other = world.StartCommand("swap", "resume", "--data", world.Folder("bob"));
        await SwapRun.RunToEndsAsync(world, [first, other], ends, s_patience);
        Assert.Equal("refunded", (await StateAsync(world, "alice", aliceSwap)).GetProperty("state").GetString());
        Assert.Equal("refunded", (await StateAsync(world, "bob", bobSwap)).GetProperty("state").GetString());
        await UntilOutcomeAsync(world, left, "refunded");
        await UntilOutcomeAsync(world, bobLeft, "unlocked");
        await run.SettleAsync();
        Assert.InRange(await WorthAsync(world, "alice") - alice, -Fees, 0);
        Assert.InRange(await WorthAsync(world, "bob") - bob, -Fees, 0);
        await CheckTheDeskAsync(world, gainAtLeast: -Fees);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<RollupWorld> StartAsync()
    {
        var world = await RollupWorld.StartAsync(fixture, Token);
        foreach (var (name, deposit) in new[] { ("alice", 300_000L), ("desk", 1_000_000L) })
        {
            _ = await world.CreateWalletAsync(name, Token);
            await world.DepositAsync(name, deposit, Token);
            await world.PayAsync((await world.DoAsync(Token, "wallet", "address", "--data", world.Folder(name))).GetProperty("address").GetString()!, 0.05m, Token);
        }

        await world.SettleAsync(Token);
        world.Facts["desk"] = await WorthAsync(world, "desk");
        await world.KillOperatorAsync(Token);
        world.OperatorExtras = ["--swaps", world.Folder("desk"), "--swap-margins", Margins, "--feerate-max", "20"];
        await world.StartOperatorAsync(Token, world.OperatorExtras);
        Assert.Null(await OffersAsync(world, "alice"));
        return world;
    }

    // What stands against a swap, once an operator that has just started has looked through the blocks.
    private static async Task<string?> OffersAsync(RollupWorld world, string name)
    {
        while (true)
        {
            var offer = await world.DoAsync(Token, "swap", "offer", "--data", world.Folder(name));
            var problem = offer.TryGetProperty("problem", out var text) ? text.GetString() : null;
            if (problem is null || !problem.Contains("looks through blocks", StringComparison.Ordinal))
                return problem;
            await Task.Delay(100, Token);
        }
    }

    // Coins on Bitcoin and money in the rollup together.
    private static async Task<long> WorthAsync(RollupWorld world, string name)
    {
        var view = await world.WithChainAsync(Token, "wallet", "show", "--data", world.Folder(name));
        return view.GetProperty("coins_sat").GetInt64() + view.GetProperty("accounts").EnumerateArray().Sum(static account => account.GetProperty("balance_sat").GetInt64());
    }

    private static async Task CheckTheDeskAsync(RollupWorld world, long gainAtLeast)
    {
        await world.KillOperatorAsync(Token);
        await world.StartOperatorAsync(Token);
        await world.SettleAsync(Token);
        Assert.InRange(await WorthAsync(world, "desk") - world.Facts["desk"], gainAtLeast - Fees, 10_000);
    }

    private static async Task<JsonElement> StateAsync(RollupWorld world, string name, string swap) =>
        (await world.DoAsync(Token, "swap", "status", swap, "--data", world.Folder(name))).GetProperty("swaps")[0];

    private static async Task UntilOutcomeAsync(RollupWorld world, JsonElement swap, string outcome)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var progress = await world.GetAsync($"v1/swaps/{swap.GetProperty("swap").GetString()}", Token);
            if (progress is { } seen && seen.GetProperty("outcome").ValueKind == JsonValueKind.String)
            {
                Assert.Equal(outcome, seen.GetProperty("outcome").GetString());
                return;
            }

            Assert.True(patience.Elapsed < s_patience, $"the operator stays at {progress}");
            await world.MineAsync(1, Token);
            await SwapRun.QuietAsync(world, s_patience);
        }
    }
}
