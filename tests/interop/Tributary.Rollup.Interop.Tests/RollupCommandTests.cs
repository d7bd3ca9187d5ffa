using System.Globalization;
using System.Text.Json;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Network;

namespace Tributary.Rollup.Interop.Tests;

/// <summary>A rollup that people run, use and check with nothing but <c>tributary rollup</c> and a real bitcoind.</summary>
public sealed class RollupCommandTests(BitcoindFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rollup_is_run_used_killed_and_checked_by_a_stranger_from_bitcoin_alone()
    {
        await using var world = await RollupWorld.StartAsync(fixture, Token);
        _ = await world.CreateWalletAsync("alice", Token);
        var bob = await world.CreateWalletAsync("bob", Token);
        await world.DepositAsync("alice", 1_000_000, Token);
        await world.SettleAsync(Token);
        Assert.Equal(1_000_000ul, await world.BalanceAsync("alice", Token));

        // What the engine refuses comes back with its reason, and changes nothing.
        var (code, refused) = await world.CommandAsync(Token, "send", "--data", world.Folder("alice"), "--to", bob, "--amount", "2000000");
        Assert.Equal((1, "amount"), (code, refused.GetProperty("error").GetProperty("field").GetString()));
        for (var i = 1; i <= 3; i++)
            Assert.Equal("taken", (await SendAsync(world, "alice", bob, 1_000 * i)).GetProperty("state").GetString());

        // Killed with receipts out: nothing that was answered for is lost.
        await world.KillOperatorAsync(Token);
        await world.StartOperatorAsync(Token);
        Assert.Equal(6_000ul, await world.BalanceAsync("bob", Token));
        Assert.Equal(1_000_000ul - 6_003, await world.BalanceAsync("alice", Token));
        var settled = await world.SettleAsync(Token);
        Assert.InRange(RollupWorld.Number(settled, "anchored_batch"), 2ul, 9ul);

        // A stranger with an empty folder.
        var (verified, report) = await world.VerifyAsync("stranger", world.Url, Token);
        Assert.True(verified == 0, report.ToString());
        Assert.Equal(settled.GetProperty("proven_root").GetString(), report.GetProperty("root").GetString());
        Assert.Equal(RollupWorld.Number(settled, "anchored_batch"), RollupWorld.Number(report, "proven_batches"));
        Assert.Empty(report.GetProperty("refused").EnumerateArray());

        await CheckThatBadProofsStopAVerifierAsync(world, report);
        await CheckTheLateVerifierAsync(world, bob);
    }

    [Fact]
    public async Task Killed_prover_and_a_reorganised_anchor_are_gone_on_from_and_a_wallet_comes_back_from_its_words()
    {
        await using var world = await RollupWorld.StartAsync(fixture, Token);
        var alice = await world.CreateWalletAsync("alice", Token);
        var bob = await world.CreateWalletAsync("bob", Token);
        await world.DepositAsync("alice", 500_000, Token);
        await world.SettleAsync(Token);

        // Killed in the middle of a proof, which is looked for from before it can begin.
        var proving = world.UntilAsync(
            static status => status.TryGetProperty("prover", out var prover) && prover.ValueKind == JsonValueKind.Object && prover.GetProperty("segment").ValueKind == JsonValueKind.Number, Token);
        await SendAsync(world, "alice", bob, 70_000);
        await proving;
        await world.KillOperatorAsync(Token);
        await world.StartOperatorAsync(Token);
        var settled = await world.SettleAsync(Token);

        // Bitcoin takes the block with the last anchor back, and finds others.
        var height = (await world.Bitcoind.RpcAsync("getblockcount", Token)).GetInt32();
        var block = await world.Bitcoind.RpcAsync("getblockhash", Token, height - 1);
        await world.TakeBackAsync(block.GetString()!, Token);
        await world.MineAsync(3, Token);
        await SendAsync(world, "bob", alice, 10_000);
        var again = await world.SettleAsync(Token);
        Assert.True(RollupWorld.Number(again, "anchored_batch") >= RollupWorld.Number(settled, "anchored_batch"));
        Assert.Equal(59_999ul, await world.BalanceAsync("bob", Token));
        var (code, report) = await world.VerifyAsync("stranger", world.Url, Token);
        Assert.True(code == 0, report.ToString());
        Assert.Equal(again.GetProperty("root").GetString(), report.GetProperty("root").GetString());

        // Words alone: the restored wallet jumps over what may have signed, rotates its key, and pays; the old one notices and stops.
        var words = (await world.DoAsync(Token, "wallet", "show", "--data", world.Folder("bob"), "--words")).GetProperty("words").GetString()!;
        var (restoring, restored) = await world.CommandAsync(
            words, Token, "wallet", "restore", "--data", world.Folder("bob again"), "--rollup", world.Url, "--no-passphrase", "--key-height", "12", "--bitcoind", world.Bitcoind.RpcAddress.ToString(), "--bitcoind-cookie", world.Bitcoind.CookiePath);
        Assert.True(restoring == 0, restored.ToString());
        Assert.Equal(bob, restored.GetProperty("accounts")[0].GetProperty("account").GetUInt32().ToString(CultureInfo.InvariantCulture));
        await SendAsync(world, "bob again", alice, 5_000);
        var (stopped, why) = await world.CommandAsync(Token, "send", "--data", world.Folder("bob"), "--to", alice, "--amount", "1");
        Assert.Equal((1, "--rollup"), (stopped, why.GetProperty("error").GetProperty("field").GetString()));

        // Past the operator: posted on Bitcoin, and taken all the same.
        await world.PayAsync((await world.DoAsync(Token, "wallet", "address", "--data", world.Folder("bob again"))).GetProperty("address").GetString()!, 0.01m, Token);
        await world.MineAsync(1, Token);
        var before = await world.BalanceAsync("alice", Token);
        await world.WithChainAsync(Token, "send", "--data", world.Folder("bob again"), "--to", alice, "--amount", "2222", "--force");
        await world.MineAsync(2, Token);
        await world.SettleAsync(Token);
        await world.SettleAsync(Token);
        Assert.Equal(before + 2_222, await world.BalanceAsync("alice", Token));
        (code, report) = await world.VerifyAsync("another stranger", world.Url, Token);
        Assert.True(code == 0, report.ToString());
        Assert.Equal((await world.StatusAsync(Token)).GetProperty("root").GetString(), report.GetProperty("root").GetString());
    }

    private static Task<JsonElement> SendAsync(RollupWorld world, string from, string to, int amount) =>
        world.DoAsync(Token, "send", "--data", world.Folder(from), "--to", to, "--amount", amount.ToString(CultureInfo.InvariantCulture));

    // One proof with one bit changed: the verifier says which and why, and stays before it.
    private static async Task CheckThatBadProofsStopAVerifierAsync(RollupWorld world, JsonElement good)
    {
        var folder = Directory.CreateDirectory(Path.Combine(world.Folder("bad"), "proofs")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(world.Folder("stranger"), "proofs"), "*.proof").Order(StringComparer.Ordinal))
        {
            var bytes = await File.ReadAllBytesAsync(file, Token);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(Path.Combine(folder, Path.GetFileName(file)), bytes, Token);
        }

        var (code, report) = await world.VerifyAsync("deceived", world.Folder("bad"), Token);
        Assert.Equal(1, code);
        var failure = Assert.Single(report.GetProperty("failures").EnumerateArray());
        Assert.Equal((1ul, 0ul), (RollupWorld.Number(failure, "batch"), RollupWorld.Number(failure, "segment")));
        Assert.Equal(0ul, RollupWorld.Number(report, "proven_segments"));
        Assert.Equal(good.GetProperty("root").GetString(), report.GetProperty("root").GetString());
        Assert.NotEqual(report.GetProperty("root").GetString(), report.GetProperty("proven_root").GetString(), StringComparer.Ordinal);
    }

    // The operator is gone; a mirror that a verifier runs has what is needed.
    private static async Task CheckTheLateVerifierAsync(RollupWorld world, string bob)
    {
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        using var mirror = await world.StartProgramAsync(
            Token, "mirror", "--data", world.Folder("stranger"), "--from", world.From, "--proofs", world.Url, "--listen", $"127.0.0.1:{port}", "--bitcoind", world.Bitcoind.RpcAddress.ToString(), "--bitcoind-cookie", world.Bitcoind.CookiePath);
        await SendAsync(world, "alice", bob, 9);
        var settled = await world.SettleAsync(Token);
        var url = $"http://127.0.0.1:{port}/";
        using (var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan })
        {
            // The mirror has fetched the last proof, too.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            patience.CancelAfter(TimeSpan.FromMinutes(15));
            while (true)
            {
                try
                {
                    using var page = JsonDocument.Parse(await http.GetStringAsync(new Uri(url + "v1/proofs"), patience.Token));
                    if (RollupWorld.Number(page.RootElement, "count") >= RollupWorld.Number(settled, "segments"))
                        break;
                }
                catch (HttpRequestException)
                {
                    // It starts.
                }

                await Task.Delay(100, patience.Token);
            }
        }

        await world.KillOperatorAsync(Token);
        var (code, report) = await world.VerifyAsync("late", url, Token);
        Assert.True(code == 0, report.ToString());
        Assert.Equal(settled.GetProperty("proven_root").GetString(), report.GetProperty("proven_root").GetString());
        await mirror.KillAsync(Token);
    }
}
