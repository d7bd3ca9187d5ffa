using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Tributary.Cli.Rollup.Serving;
using Tributary.Rollup.Api;
using Tributary.Rollup.Serving;
using Tributary.Storage.Files;

namespace Tributary.Cli.Tests.Rollup;

public sealed class RollupCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trollup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--bitcoind", "init", "--no-passphrase")]
    [InlineData("--bitcoind", "init", "--no-passphrase", "--bitcoind", "http://user:secret@127.0.0.1:18443/")]
    [InlineData("--network", "init", "--no-passphrase", "--network", "moon")]
    [InlineData("--real-money", "init", "--no-passphrase", "--network", "mainnet", "--bitcoind", "http://127.0.0.1:1/")]
    [InlineData("--parameters", "init", "--no-passphrase", "--parameters", "tiny")]
    [InlineData("--segment", "init", "--no-passphrase", "--segment", "1")]
    [InlineData("--data", "run", "--bitcoind", "http://127.0.0.1:1/")]
    [InlineData("--depth", "run", "--depth", "0")]
    [InlineData("--listen", "run", "--listen", "example.org:1")]
    [InlineData("--data", "prove")]
    [InlineData("--threads", "prove", "--threads", "0")]
    [InlineData("--rollup", "status", "--rollup", "nowhere")]
    [InlineData("--rollup", "status", "--rollup", "http://127.0.0.1:1/")]
    [InlineData("--proofs", "verify", "--from", "1", "--proofs", "nowhere")]
    [InlineData("--rollup-id", "verify", "--from", "1", "--rollup-id", "12")]
    [InlineData("--bitcoind", "verify", "--from", "1")]
    [InlineData("--data", "wallet", "show")]
    [InlineData("--rollup", "wallet", "create", "--no-passphrase", "--rollup", "http://127.0.0.1:1/")]
    [InlineData("--key-height", "wallet", "create", "--no-passphrase", "--key-height", "5")]
    [InlineData("--data", "send", "--to", "3", "--amount", "5")]
    [InlineData("--data", "deposit", "--amount", "5000")]
    [InlineData("--data", "withdraw", "--to", "bcrt1q", "--amount", "5")]
    public async Task What_cannot_be_done_is_refused_in_one_line_with_the_word_at_fault(string field, params string[] words)
    {
        var (code, report) = await RunAsync(words);
        Assert.Equal(1, code);
        Assert.Equal(field, report.GetProperty("error").GetProperty("field").GetString());
        Assert.DoesNotContain('\n', report.GetProperty("error").GetProperty("reason").GetString()!);
    }

    [Fact]
    public async Task Words_are_sealed_or_said_to_lie_open()
    {
        var (code, report) = await RunAsync("init", "--bitcoind", "http://127.0.0.1:1/", "--bitcoind-cookie", Path.Combine(_folder, "cookie"));
        Assert.Equal((1, "TRIBUTARY_WALLET_PASSPHRASE"), (code, report.GetProperty("error").GetProperty("field").GetString()));
        Assert.False(Directory.Exists(Path.Combine(_folder, "data")));
    }

    [Fact]
    public async Task Mirror_serves_what_it_has_and_bounds_what_it_is_sent()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var store = ProofStore.Open(DiskDirectory.Open(Path.Combine(_folder, "proofs"))).Value;
        var claim = new Primitives.Bytes.Bytes32([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]);
        store.Put(claim, [1, 2, 3]);
        await using var host = (await HttpHost.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), app => ProofEndpoints.Map(app, store), cancellationToken)).Value;
        using var http = new HttpClient();
        var mirror = new HttpProofMirror(http, new Uri(host.Url));
        Assert.Equal([1, 2, 3], (await mirror.FindAsync(claim, cancellationToken)).Value.ToArray());
        Assert.True((await mirror.FindAsync(default, cancellationToken)).Value.IsEmpty);
        var page = (await http.GetFromJsonAsync(new Uri(host.Url + "/v1/proofs?limit=1"), ApiJson.Default.ProofsView, cancellationToken))!;
        Assert.Equal((1, claim.ToString()), (page.Count, Assert.Single(page.Claims)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await http.GetAsync(new Uri(host.Url + "/v1/proofs/xyz"), cancellationToken)).StatusCode);
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        Assert.Equal("--listen", (await HttpHost.StartAsync((IPEndPoint)stranger.LocalEndpoint, static _ => { }, cancellationToken)).Error.Field);
    }

    private async Task<(int Code, JsonElement Report)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandTree.RunAsync(["rollup", .. words, "--data", Path.Combine(_folder, "data"), "--json"], output, error, TimeProvider.System);
        using var document = JsonDocument.Parse(output.ToString());
        return (code, document.RootElement.Clone());
    }
}
