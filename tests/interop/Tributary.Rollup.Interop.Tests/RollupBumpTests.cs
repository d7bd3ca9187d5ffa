using System.Text.Json;
using Tributary.Testing.Bitcoind;

namespace Tributary.Rollup.Interop.Tests;

/// <summary>A post past a silent operator at a node whose mempool wants more than was paid first.</summary>
public sealed class RollupBumpTests(BitcoindFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forced_payment_that_the_mempool_takes_no_more_is_paid_more_for_and_happens_once()
    {
        await using var world = await RollupWorld.StartAsync(fixture, Token);
        _ = await world.CreateWalletAsync("alice", Token);
        var bob = await world.CreateWalletAsync("bob", Token);
        await world.DepositAsync("alice", 300_000, Token);
        await world.SettleAsync(Token);
        var (code, report) = await world.VerifyAsync("mirror", world.Url, Token);
        Assert.True(code == 0, report.ToString());
        await world.KillOperatorAsync(Token);

        // At the least that a node takes; while it waits, another transaction takes its place and the post stays the same one.
        var posted = await AliceAsync(world, "send", "--to", bob, "--amount", "70000", "--force", "--feerate", "1", "--feerate-max", "40");
        Assert.Equal(1_000, posted.GetProperty("feerate_per_kvb").GetInt64());
        var first = posted.GetProperty("txid").GetString()!;
        var mempool = await MempoolAsync(world);
        Assert.Equal(2, mempool.Length);
        Assert.Contains(first, mempool, StringComparer.Ordinal);
        var second = await BumpAsync(world, "--feerate", "3");
        mempool = await MempoolAsync(world);
        Assert.Equal(2, mempool.Length);
        Assert.Contains(second, mempool, StringComparer.Ordinal);
        Assert.DoesNotContain(first, mempool, StringComparer.Ordinal);
        var (less, why) = await world.CommandAsync(Token, [.. World(world, "bump", "--feerate", "2")]);
        Assert.Equal((1, "--feerate"), (less, why.GetProperty("error").GetProperty("field").GetString()));

        // The node comes back and takes nothing below 10 sat/vB: neither the post nor what it is paid from is there any more.
        await world.Bitcoind.StopAsync(Token);
        await File.AppendAllTextAsync(Path.Combine(world.Bitcoind.DataDirectory, "bitcoin.conf"), "[regtest]\nminrelaytxfee=0.0001\n", Token);
        await world.Bitcoind.StartAsync(Token);
        await world.Bitcoind.RpcAsync("loadwallet", Token, "miner");
        while (!(await world.Bitcoind.RpcAsync("getmempoolinfo", Token)).GetProperty("loaded").GetBoolean())
            await Task.Delay(50, Token);
        Assert.Empty(await MempoolAsync(world));
        var third = await BumpAsync(world, "--feerate", "15", "--feerate-max", "40");
        mempool = await MempoolAsync(world);
        Assert.Equal(2, mempool.Length);
        Assert.Contains(third, mempool, StringComparer.Ordinal);

        // And without a figure: more than before.
        var fourth = await BumpAsync(world, "--feerate-max", "40");
        mempool = await MempoolAsync(world);
        Assert.Equal(2, mempool.Length);
        Assert.Contains(fourth, mempool, StringComparer.Ordinal);
        await world.MineAsync(1, Token);
        Assert.Empty(await MempoolAsync(world));
        var shown = await world.WithChainAsync(Token, "wallet", "show", "--data", world.Folder("alice"), "--proofs", world.Folder("mirror"));
        var post = Assert.Single(shown.GetProperty("money").EnumerateArray(), static one => one.GetProperty("kind").GetString() is "post");
        Assert.Equal("queued", post.GetProperty("state").GetString());
        var (late, mined) = await world.CommandAsync(Token, [.. World(world, "bump")]);
        Assert.Equal((1, "operation"), (late, mined.GetProperty("error").GetProperty("field").GetString()));

        // The operator comes back and has to begin with it.
        await world.StartOperatorAsync(Token, "--fee-min", "900000");
        await world.SettleAsync(Token);
        await world.SettleAsync(Token);
        Assert.Equal(70_000ul, await world.BalanceAsync("bob", Token));
        Assert.Equal(230_000ul, await world.BalanceAsync("alice", Token));
    }

    private static string[] World(RollupWorld world, string command, params string[] more) =>
        [command, "--data", world.Folder("alice"), "--bitcoind", world.Bitcoind.RpcAddress.ToString(), "--bitcoind-cookie", world.Bitcoind.CookiePath, "--proofs", world.Folder("mirror"), .. more];

    private static Task<JsonElement> AliceAsync(RollupWorld world, string command, params string[] more) => world.DoAsync(Token, World(world, command, more));

    private static async Task<string> BumpAsync(RollupWorld world, params string[] more) =>
        Assert.Single((await AliceAsync(world, "bump", more)).GetProperty("posts").EnumerateArray()).GetProperty("txid").GetString()!;

    private static async Task<string[]> MempoolAsync(RollupWorld world) =>
        [.. (await world.Bitcoind.RpcAsync("getrawmempool", Token)).EnumerateArray().Select(static id => id.GetString()!)];
}
