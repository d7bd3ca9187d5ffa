using System.Text.Json;
using Tributary.Testing.Bitcoind;

namespace Tributary.Rollup.Interop.Tests;

/// <summary>Money into and out of a rollup by processes alone, with the operator killed, Bitcoin reorganised, and the operator silent or unwilling.</summary>
public sealed class RollupMoneyTests(BitcoindFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deposit_that_a_reorganisation_takes_back_and_a_withdrawal_whose_payer_is_killed_are_paid_once_and_told_at_every_state()
    {
        await using var world = await RollupWorld.StartAsync(fixture, Token);
        _ = await world.CreateWalletAsync("alice", Token);

        // A deposit: in the mempool, in a block, back in the mempool, in another block, in a batch, proven.
        await world.PayAsync(await AddressAsync(world, "alice"), 0.1m, Token);
        await world.MineAsync(1, Token);
        await world.WithChainAsync(Token, "deposit", "--data", world.Folder("alice"), "--amount", "400000");
        Assert.Equal("waiting", await StateAsync(world, "deposit"));
        await world.MineAsync(1, Token);
        Assert.Equal("confirmed", await StateAsync(world, "deposit"));
        var block = (await world.Bitcoind.RpcAsync("getbestblockhash", Token)).GetString();
        await world.TakeBackAsync(block!, Token);
        Assert.Equal("waiting", await StateAsync(world, "deposit"));
        await world.MineAsync(2, Token);
        Assert.Equal("confirmed", await StateAsync(world, "deposit"));
        await world.SettleAsync(Token);
        Assert.Equal("proven", await StateAsync(world, "deposit"));
        Assert.Equal(400_000ul, await world.BalanceAsync("alice", Token));

        // The vault is given what payouts cost, since users' money pays no fees.
        var vault = (await world.StatusAsync(Token)).GetProperty("vault").GetString()!;
        await world.PayAsync(vault, 0.001m, Token);
        await world.MineAsync(1, Token);

        // A withdrawal: taken, in a batch, proven, paid. The payer dies when the payout is signed, and its node has lost it.
        var target = (await world.Bitcoind.WalletRpcAsync("miner", "getnewaddress", Token)).GetString()!;
        await world.DoAsync(Token, "withdraw", "--data", world.Folder("alice"), "--to", target, "--amount", "150000");
        Assert.Equal("taken", await OperationAsync(world, "out to"));
        await UntilAsync(world, async () => (await StateAsync(world, "withdrawal")) is "due" || await MineOneAsync(world));
        await UntilAsync(world, async () => await IsPayingAsync(world, target) || await PauseAsync(), triesMax: 450);
        await world.KillOperatorAsync(Token);
        await world.Bitcoind.StopAsync(Token);
        File.Delete(Path.Combine(world.Bitcoind.DataDirectory, "regtest", "mempool.dat"));
        await world.Bitcoind.StartAsync(Token);
        await world.Bitcoind.RpcAsync("loadwallet", Token, "miner");
        await world.StartOperatorAsync(Token);
        await UntilAsync(world, async () => (await StateAsync(world, "withdrawal")) is "paid" || await MineOneAsync(world));

        // Killed again, and blocks later: still once, and a stranger agrees.
        await world.KillOperatorAsync(Token);
        await world.StartOperatorAsync(Token);
        await world.SettleAsync(Token);
        await world.SettleAsync(Token);
        var received = await world.Bitcoind.WalletRpcAsync("miner", "listreceivedbyaddress", Token, 0, false, false, target);
        Assert.Equal(0.0015m, received[0].GetProperty("amount").GetDecimal());
        Assert.Single(received[0].GetProperty("txids").EnumerateArray());
        var (code, report) = await world.VerifyAsync("stranger", world.Url, Token);
        Assert.True(code == 0, report.ToString());
        Assert.Equal(1, report.GetProperty("paid_withdrawals").GetInt32());
        Assert.Equal(400_000ul - 150_001, await world.BalanceAsync("alice", Token));
    }

    [Fact]
    public async Task Wallet_goes_past_an_operator_that_is_silent_with_bitcoin_and_a_mirrors_folder_alone()
    {
        await using var world = await RollupWorld.StartAsync(fixture, Token);
        _ = await world.CreateWalletAsync("alice", Token);
        var bob = await world.CreateWalletAsync("bob", Token);
        await world.DepositAsync("alice", 300_000, Token);
        await world.PayAsync(await AddressAsync(world, "alice"), 0.02m, Token);
        await world.SettleAsync(Token);
        var (code, report) = await world.VerifyAsync("mirror", world.Url, Token);
        Assert.True(code == 0, report.ToString());

        // Nobody answers. The wallet says so, and what is to be done.
        await world.KillOperatorAsync(Token);
        var (refused, why) = await world.CommandAsync(Token, "send", "--data", world.Folder("alice"), "--to", bob, "--amount", "1000");
        Assert.Equal((1, "--rollup"), (refused, why.GetProperty("error").GetProperty("field").GetString()));
        var target = (await world.Bitcoind.WalletRpcAsync("miner", "getnewaddress", Token)).GetString()!;
        await world.WithChainAsync(Token, "send", "--data", world.Folder("alice"), "--to", bob, "--amount", "70000", "--force");
        await world.MineAsync(1, Token);
        await world.WithChainAsync(Token, "withdraw", "--data", world.Folder("alice"), "--to", target, "--amount", "60000", "--force");
        await world.MineAsync(1, Token);
        var silent = await world.WithChainAsync(Token, "wallet", "show", "--data", world.Folder("alice"), "--proofs", world.Folder("mirror"));
        Assert.Contains("does not answer", silent.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal(300_000ul, silent.GetProperty("accounts")[0].GetProperty("balance_sat").GetUInt64());
        Assert.Equal(["queued", "queued"], Posts(silent));

        // Left alone for its 144 blocks it is overdue: no batch counts any more that leaves the posts out.
        await world.MineAsync(144, Token);
        Assert.Equal(["overdue", "overdue"], Posts(await world.WithChainAsync(Token, "wallet", "show", "--data", world.Folder("alice"))));

        // The operator comes back, unwilling to take anything from anybody, and has to begin with them.
        await world.StartOperatorAsync(Token, "--fee-min", "900000");
        await world.SettleAsync(Token);
        await UntilAsync(world, async () => Posts(await world.WithChainAsync(Token, "wallet", "show", "--data", world.Folder("alice"))).SequenceEqual(["proven", "proven"], StringComparer.Ordinal) || await MineOneAsync(world));
        Assert.Equal(70_000ul, await world.BalanceAsync("bob", Token));
        Assert.Equal(300_000ul - 130_000, await world.BalanceAsync("alice", Token));
        (code, report) = await world.VerifyAsync("stranger", world.Url, Token);
        Assert.Equal(60_000, report.GetProperty("unpaid_withdrawals").EnumerateArray().Sum(static one => one.GetProperty("sat").GetInt64()) + (60_000 * report.GetProperty("paid_withdrawals").GetInt32()));

        // An operator that runs and takes nothing from alice is passed the same way.
        await world.WithChainAsync(Token, "send", "--data", world.Folder("alice"), "--to", bob, "--amount", "1234", "--force");
        await UntilAsync(world, async () => Posts(await world.WithChainAsync(Token, "wallet", "show", "--data", world.Folder("alice"))).SequenceEqual(["proven", "proven", "proven"], StringComparer.Ordinal) || await MineOneAsync(world));
        Assert.Equal(71_234ul, await world.BalanceAsync("bob", Token));
    }

    private static string[] Posts(JsonElement view) => [.. view.GetProperty("money").EnumerateArray().Where(static one => one.GetProperty("kind").GetString() is "post").Select(static one => one.GetProperty("state").GetString()!)];

    private static async Task<string> AddressAsync(RollupWorld world, string name) =>
        (await world.DoAsync(Token, "wallet", "address", "--data", world.Folder(name))).GetProperty("address").GetString()!;

    // From Bitcoin alone.
    private static async Task<string> StateAsync(RollupWorld world, string kind)
    {
        var view = await world.WithChainAsync(Token, "wallet", "show", "--data", world.Folder("alice"));
        JsonElement[] found = [.. view.GetProperty("money").EnumerateArray().Where(one => string.Equals(one.GetProperty("kind").GetString(), kind, StringComparison.Ordinal))];
        Assert.True(found.Length <= 1, view.ToString());
        Assert.All(found, static one => Assert.NotEqual("", one.GetProperty("words").GetString(), StringComparer.Ordinal));
        return found.Length == 0 ? "" : found[0].GetProperty("state").GetString()!;
    }

    private static async Task<string> OperationAsync(RollupWorld world, string what)
    {
        var view = await world.DoAsync(Token, "wallet", "show", "--data", world.Folder("alice"));
        return Assert.Single(view.GetProperty("operations").EnumerateArray(), one => one.GetProperty("what").GetString()!.Contains(what, StringComparison.Ordinal)).GetProperty("state").GetString()!;
    }

    // Signed, in the journal and in the mempool, and in no block.
    private static async Task<bool> IsPayingAsync(RollupWorld world, string target)
    {
        foreach (var id in (await world.Bitcoind.RpcAsync("getrawmempool", Token)).EnumerateArray())
        {
            var transaction = await world.Bitcoind.RpcAsync("getrawtransaction", Token, id.GetString(), true);
            if (transaction.GetProperty("vout").EnumerateArray().Any(output =>
                output.GetProperty("scriptPubKey").TryGetProperty("address", out var address) && string.Equals(address.GetString(), target, StringComparison.Ordinal)))
                return true;
        }

        return false;
    }

    private static async Task<bool> MineOneAsync(RollupWorld world)
    {
        await world.MineAsync(1, Token);
        await SwapRun.QuietAsync(world, TimeSpan.FromMinutes(15));
        return false;
    }

    // Without a block: what waits in the mempool has to be seen there.
    private static async Task<bool> PauseAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        return false;
    }

    private static async Task UntilAsync(RollupWorld world, Func<Task<bool>> holds, int triesMax = 60)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            if (tries == triesMax)
                throw new TimeoutException($"not after {triesMax} tries: {await world.StatusAsync(Token)}");
        }
    }
}
