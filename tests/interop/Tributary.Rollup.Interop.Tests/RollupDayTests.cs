using System.Globalization;
using System.Text.Json.Nodes;
using Tributary.Finance.Amounts;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Api;
using Tributary.Testing.Bitcoind;

namespace Tributary.Rollup.Interop.Tests;

/// <summary>
/// A day of a rollup on regtest: many accounts pay one another while the operator is killed, Bitcoin reorganises, the operator censors; at the end
/// operator, strangers and everybody's own books agree. TRIBUTARY_ROLLUP_DAY=full makes it hundreds of accounts and thousands of transfers.
/// </summary>
public sealed class RollupDayTests(BitcoindFixture fixture)
{
    private static readonly bool s_isFull = Environment.GetEnvironmentVariable("TRIBUTARY_ROLLUP_DAY") is "full";
    private readonly Random _random = new(7);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Day_with_a_killed_operator_a_reorganisation_and_a_censor_ends_with_everybody_agreeing()
    {
        var (people, transfers) = s_isFull ? (300, 5_000) : (12, 90);
        await using var world = await RollupWorld.StartAsync(fixture, Token);
        using var http = RollupClient.CreateHttp();
        var client = new RollupClient(http, new Uri(world.Url));
        var rollup = (await client.DescribeAsync(Token)).Value;
        var id = Bytes32.TryParse(rollup.Rollup, out var parsed) ? parsed : throw new InvalidOperationException(rollup.Rollup);
        var made = new Signer[people];
        await Parallel.ForEachAsync(Enumerable.Range(0, people), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, token) => made[i] = await Signer.CreateAsync(client, id, i, token));
        var signers = made.ToList();
        _ = await world.CreateWalletAsync("carol", Token);
        await FundAsync(world, client, rollup.Vault, id, signers);

        // Morning: payments, and the operator dies among them.
        var morning = PayAsync(client, signers, transfers / 3);
        await Task.Delay(500, Token);
        await world.KillOperatorAsync(Token);
        await world.StartOperatorAsync(Token);
        await morning;
        await world.SettleAsync(Token);

        // Noon: the last anchor's block is taken back while payments come.
        var noon = PayAsync(client, signers, transfers / 3);
        var height = (await world.Bitcoind.RpcAsync("getblockcount", Token)).GetInt32();
        var block = await world.Bitcoind.RpcAsync("getblockhash", Token, height - 1);
        await world.TakeBackAsync(block.GetString()!, Token);
        await world.MineAsync(4, Token);
        await noon;
        await world.SettleAsync(Token);

        // Afternoon: an operator who takes nothing from carol; Bitcoin makes it.
        await CensorAsync(world, signers[0]);

        // Evening.
        await PayAsync(client, signers, transfers / 3);
        var settled = await world.SettleAsync(Token);
        Assert.Empty((await http.GetStringAsync(new Uri(world.Url + "v1/revocations"), Token)).Split("\"number\"").Skip(1));
        foreach (var signer in signers)
            Assert.Equal(signer.Balance, (await client.FindAccountAsync(signer.Account, Token)).Value.AnchoredBalanceSat);

        // A stranger from the operator's proofs, and one who comes when the operator is gone, from that stranger's.
        var (code, first) = await world.VerifyAsync("stranger", world.Url, Token);
        Assert.True(code == 0, first.ToString());
        await world.KillOperatorAsync(Token);
        (code, var late) = await world.VerifyAsync("late", world.Folder("stranger"), Token);
        Assert.True(code == 0, late.ToString());
        foreach (var report in new[] { first, late })
            Assert.Equal(settled.GetProperty("root").GetString(), report.GetProperty("proven_root").GetString());
        signers.ForEach(static signer => signer.Dispose());
    }

    // A deposit from bitcoind's own wallet to the first account, which then pays everybody at once.
    private async Task FundAsync(RollupWorld world, RollupClient client, string vault, Bytes32 rollup, List<Signer> signers)
    {
        const ulong each = 100_000;
        var bank = signers[0];
        var deposit = ((ulong)signers.Count + 1) * (each + 10);
        var marker = SeenDeposit.Marker(rollup, new AccountId(bank.Account));
        await world.PayAsync([
            new JsonObject { [vault] = deposit / 100_000_000m },
            new JsonObject { ["data"] = Convert.ToHexStringLower(marker.Span[2..]) },
        ], Token);
        await world.MineAsync(3, Token);
        await world.SettleAsync(Token);
        Assert.Equal(deposit, (await client.FindAccountAsync(bank.Account, Token)).Value.BalanceSat);
        bank.Balance = deposit;
        foreach (var some in signers.Skip(1).Chunk(200))
        {
            await bank.SendAsync(client, new TransferMany(AssetId.Bitcoin, [.. some.OrderBy(static one => one.Account).Select(static one => new Payment(new AccountId(one.Account), each))]), Token);
            bank.Balance -= ((ulong)some.Length * each) + 1;
            foreach (var one in some)
                one.Balance = each;
        }
    }

    // Each account signs one thing after the other; accounts do not wait for each other.
    private async Task PayAsync(RollupClient client, List<Signer> signers, int count)
    {
        var plan = Enumerable.Range(0, count).Select(i => (From: i % signers.Count, To: _random.Next(signers.Count - 1), Amount: (ulong)_random.Next(1, 500))).ToLookup(static one => one.From);
        await Parallel.ForEachAsync(plan, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (payments, token) =>
        {
            foreach (var (from, to, amount) in payments)
                _ = await signers[from].PayAsync(client, signers[to < from ? to : to + 1], amount, token);
        });
    }

    private static async Task CensorAsync(RollupWorld world, Signer target)
    {
        // Carol has money in the rollup and a coin on Bitcoin.
        await world.DepositAsync("carol", 50_000, Token);
        await world.SettleAsync(Token);
        await world.KillOperatorAsync(Token);
        await world.StartOperatorAsync(Token, "--fee-min", "900000");
        var to = target.Account.ToString(CultureInfo.InvariantCulture);
        var (code, refused) = await world.CommandAsync(Token, "send", "--data", world.Folder("carol"), "--to", to, "--amount", "1234", "--fee", "1");
        Assert.Equal((1, "authorisation.fee"), (code, refused.GetProperty("error").GetProperty("field").GetString()));
        await world.WithChainAsync(Token, "send", "--data", world.Folder("carol"), "--to", to, "--amount", "1234", "--fee", "1", "--force");
        target.Balance += 1_234;
        await world.MineAsync(3, Token);
        await world.SettleAsync(Token);
        Assert.Equal(50_000ul - 1_235, await world.BalanceAsync("carol", Token));
        await world.KillOperatorAsync(Token);
        await world.StartOperatorAsync(Token);
    }
}
