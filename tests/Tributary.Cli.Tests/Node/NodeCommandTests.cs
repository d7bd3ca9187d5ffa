using System.Text.Json;

namespace Tributary.Cli.Tests.Node;

public sealed class NodeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tnode-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_node_starts_answers_and_stops()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var running = RunAsync("start", "--network", "regtest", "--embedded-chain", "--listen", "127.0.0.1:0", "--alias", "shop");
        var info = await UntilAsync("info", static report => report.GetProperty("synced").GetBoolean(), cancellationToken);
        Assert.Equal("shop", info.GetProperty("alias").GetString());
        Assert.Equal(66, info.GetProperty("node_id").GetString()!.Length);

        // Nothing can be done yet, and it says what to do.
        var (_, status) = await RunAsync("status");
        Assert.Contains("address", status.GetProperty("next_steps")[0].GetString(), StringComparison.Ordinal);
        var (code, refused) = await RunAsync("open", info.GetProperty("node_id").GetString()!, "100000");
        Assert.Equal((1, "peer"), (code, refused.GetProperty("error").GetProperty("field").GetString()));

        await RunAsync("mine", "101");
        var balance = await UntilAsync("balance", static report => report.GetProperty("confirmed_sat").GetInt64() > 0, cancellationToken);
        Assert.Equal(0, balance.GetProperty("channels_msat").GetInt64());

        var (_, invoice) = await RunAsync("invoice", "25000", "--description", "tea");
        Assert.NotNull(invoice.GetProperty("warning").GetString());
        var (_, decoded) = await RunAsync("decode", invoice.GetProperty("invoice").GetString()!);
        Assert.Equal("tea", decoded.GetProperty("description").GetString());
        Assert.Equal(info.GetProperty("node_id").GetString(), decoded.GetProperty("payee").GetString());
        var (_, held) = await RunAsync("invoice", "25000", "--hold");
        Assert.Equal(64, held.GetProperty("preimage").GetString()!.Length);
        var (_, cancelled) = await RunAsync("cancel", held.GetProperty("payment_hash").GetString()!);
        Assert.Equal("cancelled", cancelled.GetProperty("state").GetString());
        var (_, payments) = await RunAsync("payments");
        Assert.Equal(2, payments.GetProperty("payments").GetArrayLength());

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "data", "node.sock")));
        var (_, stopped) = await RunAsync("stop");
        Assert.True(stopped.GetProperty("stopped").GetBoolean());
        Assert.Equal(0, (await running).Code);
    }

    [Theory]
    [InlineData("--real-money", "start", "--network", "mainnet", "--bitcoind", "http://127.0.0.1:1/")]
    [InlineData("--bitcoind", "start", "--network", "regtest")]
    [InlineData("--embedded-chain", "start", "--network", "signet", "--embedded-chain")]
    [InlineData("--bitcoind", "start", "--network", "regtest", "--bitcoind", "http://user:secret@127.0.0.1:18443/")]
    [InlineData("--listen", "start", "--network", "regtest", "--embedded-chain", "--listen", "example.org:1")]
    [InlineData("--data", "info")]
    [InlineData("--data", "pay", "lnbcrt1")]
    public async Task What_cannot_be_done_is_refused_with_the_word_at_fault(string field, params string[] words)
    {
        var (code, report) = await RunAsync(words);
        Assert.Equal(1, code);
        Assert.Equal(field, report.GetProperty("error").GetProperty("field").GetString());
    }

    private async Task<(int Code, JsonElement Report)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandTree.RunAsync(["node", .. words, "--data", Path.Combine(_folder, "data"), "--json"], output, error, TimeProvider.System);
        using var document = JsonDocument.Parse(output.ToString().Length > 0 ? output.ToString() : "{}");
        return (code, document.RootElement.Clone());
    }

    private async Task<JsonElement> UntilAsync(string command, Func<JsonElement, bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (code, report) = await RunAsync(command);
            if (code == 0 && holds(report))
                return report;
            await Task.Delay(50, cancellationToken);
        }
    }
}
