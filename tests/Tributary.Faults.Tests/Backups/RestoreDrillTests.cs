using System.Diagnostics;
using System.Globalization;
using Tributary.Lightning.Interop.Tests;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;
using Tributary.Testing.Network;

namespace Tributary.Faults.Tests.Backups;

/// <summary>
/// The drill of an operator whose disk has died: a backup of the running server, more payments, and the old copy restored elsewhere. What the
/// backup does not know is in the channel's latest state alone, so the money that comes back says whose commitment was published. It is live money,
/// beside which the backup has the test half.
/// </summary>
public sealed class RestoreDrillTests(BitcoindFixture bitcoind) : IDisposable
{
    private const string Passphrase = "a passphrase for the drill";
    private const long CoinsSat = 100_000;
    private const long FirstSat = 150_000;
    private const long SecondSat = 250_000;
    private const long LeastSat = CoinsSat + FirstSat + SecondSat - 5_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-drill-").FullName;

    private CancellationToken Token => _end.Token;

    public void Dispose()
    {
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Live_money_restored_from_an_old_backup_publishes_nothing_and_gets_all_that_its_channels_held()
    {
        _end.CancelAfter(s_patience);
        await using var chain = await bitcoind.StartAsync([], Token);
        await chain.RpcAsync("createwallet", Token, LdkPeer.WalletName);
        await Mine.BlocksAsync(chain, 110, Token);
        await using var peer = await TributaryNode.StartAsync(chain, Token);
        var port = FreePort.Next();
        await using var server = Server(chain, Path.Combine(_folder, "first"), port);
        await server.StartAsync(Token);
        string test;
        using (var tests = new ShopClient(server))
            test = (await tests.PostAsync("/v1/payment_intents", "amount=500&currency=usd&confirm=true&payment_method=pm_card_visa", Token)).Id;
        using (var shop = new ShopClient(server, isLive: true))
        {
            var id = await NodeIdAsync(shop);
            await FundAsync(chain, shop);
            await OpenChannelAsync(chain, peer, id, port);
            await PayAsync(shop, peer, FirstSat);
            await BackupAsync(server.Folder);
            await PayAsync(shop, peer, SecondSat);
        }

        await server.KillAsync(Token);
        await CheckRefusalsAsync();
        await RunAsync("restore", ["--from", Archive, "--data", Path.Combine(_folder, "second")], Passphrase);
        await using var restored = Server(chain, Path.Combine(_folder, "second"), port);
        restored.LiveKey = server.LiveKey;
        await restored.StartAsync(Token);
        Assert.Equal((server.Key, server.LiveKey), (restored.Key, restored.LiveKey));
        using (var tests = new ShopClient(restored))
        {
            Assert.Equal("succeeded", (await tests.GetAsync($"/v1/payment_intents/{test}", Token)).GetProperty("status").GetString());
            Assert.True((await tests.GetAsync("/v1/outgoing_policy", Token)).GetProperty("stopped").GetBoolean());
        }

        using (var shop = new ShopClient(restored, isLive: true))
        {
            Assert.True((await shop.GetAsync("/v1/outgoing_policy", Token)).GetProperty("stopped").GetBoolean());
            await ComeBackAsync(chain, shop, peer);
        }

        await restored.StopAsync(Token);
        var balance = await BalanceAsync(chain, Path.Combine(restored.Folder, "live", "node"));
        Assert.InRange(balance, LeastSat, CoinsSat + FirstSat + SecondSat);
    }

    private string Archive => Path.Combine(_folder, "server.backup");

    private static ServerProcess Server(BitcoindNode chain, string folder, int port)
    {
        var server = new ServerProcess(folder, database: null);
        server.Arguments.AddRange(["--bitcoind", chain.RpcAddress.ToString(), "--bitcoind-cookie", chain.CookiePath, "--lightning-listen", $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"]);
        return server;
    }

    private async Task<string> NodeIdAsync(ShopClient shop)
    {
        while (true)
        {
            var health = (await shop.GetAsync("/health", Token, isOpinion: true)).GetProperty("live");
            if (health.GetProperty("node").GetString() is "ready" && health.GetProperty("node_id").GetString() is { } id)
                return id;
            await Task.Delay(200, Token);
        }
    }

    // Coins of its own, which claims on chain are paid from: a node without them takes no channel.
    private async Task FundAsync(BitcoindNode chain, ShopClient shop)
    {
        var intent = await shop.PostAsync("/v1/payment_intents", $"amount={CoinsSat.ToString(CultureInfo.InvariantCulture)}&currency=btc&confirm=true&payment_method_data[type]=bitcoin", Token);
        Assert.True(intent.IsDone, intent.Body);
        var address = intent.Json.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("bitcoin").GetProperty("address").GetString();
        await chain.WalletRpcAsync(LdkPeer.WalletName, "sendtoaddress", Token, address, CoinsSat / 100_000_000m);
        await Mine.BlocksAsync(chain, 6, Token);
        while ((await shop.GetAsync($"/v1/payment_intents/{intent.Id}", Token)).GetProperty("status").GetString() is not "succeeded")
            await Task.Delay(100, Token);
    }

    private async Task OpenChannelAsync(BitcoindNode chain, TributaryNode peer, string id, int port)
    {
        await peer.CallAsync("connect", Token, ("peer", $"{id}@127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"));
        await peer.CallAsync("open", Token, ("peer", id), ("amount", "1000000"));
        await Mine.BlocksAsync(chain, 8, Token);
        await peer.ChannelAsync("usable", "true", Token);
    }

    private async Task PayAsync(ShopClient shop, TributaryNode peer, long satoshis)
    {
        var intent = await shop.PostAsync("/v1/payment_intents", $"amount={satoshis.ToString(CultureInfo.InvariantCulture)}&currency=btc", Token);
        while (true)
        {
            // The node offers an invoice when its side of the channel can take it.
            var confirmed = await shop.PostAsync($"/v1/payment_intents/{intent.Id}/confirm", "payment_method_data[type]=lightning", Token);
            if (confirmed.IsDone)
            {
                var invoice = confirmed.Json.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("lightning").GetProperty("invoice").GetString()!;
                await peer.CallAsync("pay", Token, ("invoice", invoice));
                break;
            }

            await Task.Delay(500, Token);
        }

        while ((await shop.GetAsync($"/v1/payment_intents/{intent.Id}", Token)).GetProperty("status").GetString() is not "succeeded")
            await Task.Delay(100, Token);
    }

    private async Task BackupAsync(string data)
    {
        await RunAsync("backup", ["--data", data, "--to", Archive], Passphrase);
        Assert.DoesNotContain("test-secret-key", await File.ReadAllTextAsync(Archive, System.Text.Encoding.Latin1, Token), StringComparison.Ordinal);
    }

    private async Task CheckRefusalsAsync()
    {
        var wrong = await RunAsync("restore", ["--from", Archive, "--data", Path.Combine(_folder, "other")], "another passphrase", expected: 1);
        Assert.Contains("passphrase", wrong, StringComparison.Ordinal);
        var occupied = await RunAsync("restore", ["--from", Archive, "--data", Path.Combine(_folder, "first")], Passphrase, expected: 1);
        Assert.Contains("not empty", occupied, StringComparison.Ordinal);
        var cut = Path.Combine(_folder, "cut.backup");
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(Archive, Token))[..^100], Token);
        var damaged = await RunAsync("restore", ["--from", cut, "--data", Path.Combine(_folder, "other")], Passphrase, expected: 1);
        Assert.Contains("cut off", damaged, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "other")));
    }

    private async Task ComeBackAsync(BitcoindNode chain, ShopClient shop, TributaryNode peer)
    {
        var health = await shop.GetAsync("/health", Token, isOpinion: true);
        Assert.Equal(2, health.GetProperty("notices").EnumerateArray().Count(static notice => notice.GetString()!.Contains("restored from the backup", StringComparison.Ordinal)));
        Assert.Contains("live: This server was restored", health.GetProperty("notices").GetRawText(), StringComparison.Ordinal);
        Assert.True(health.GetProperty("outgoing_stopped").GetBoolean());

        // The peer publishes its latest state; a block for it, one for the claim, and those that a delay asks for.
        while ((await chain.RpcAsync("getrawmempool", Token)).GetArrayLength() == 0)
            await Task.Delay(200, Token);
        for (var block = 0; block < 8; block++)
        {
            var height = await Mine.BlocksAsync(chain, 1, Token);
            await peer.WaitForHeightAsync(height, Token);
            while ((await shop.GetAsync("/health", Token, isOpinion: true)).GetProperty("live").GetProperty("height").GetInt32() < height)
                await Task.Delay(100, Token);
            await Task.Delay(500, Token);
        }
    }

    // By the command of the node, on the same folder: the server has stopped.
    private async Task<long> BalanceAsync(BitcoindNode chain, string folder)
    {
        var start = new ProcessStartInfo("dotnet", [
            ServerProcess.Program, "node", "start", "--network", "regtest", "--bitcoind", chain.RpcAddress.ToString(), "--bitcoind-cookie", chain.CookiePath,
            "--listen", $"127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}", "--data", folder, "--json",
        ])
        { RedirectStandardOutput = true, UseShellExecute = false };
        using var node = Process.Start(start)!;
        try
        {
            Assert.NotNull(await node.StandardOutput.ReadLineAsync(Token));
            for (var block = 0; ; block++)
            {
                // A claim that came later than the server was asked to end is in a later block.
                var balance = ShopClient.Parse(await RunAsync("node", ["balance", "--data", folder], ""));
                var total = balance.GetProperty("confirmed_sat").GetInt64();
                if (total >= LeastSat || block == 60)
                    return total;
                await Mine.BlocksAsync(chain, 1, Token);
                await Task.Delay(500, Token);
            }
        }
        finally
        {
            node.Kill();
            await node.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task<string> RunAsync(string command, string[] arguments, string passphrase, int expected = 0)
    {
        var start = new ProcessStartInfo("dotnet", [ServerProcess.Program, command, .. arguments, "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["TRIBUTARY_BACKUP_PASSPHRASE"] = passphrase;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == expected, $"{command}: {process.ExitCode.ToString(CultureInfo.InvariantCulture)} {output} {await errors}");
        return output;
    }
}
