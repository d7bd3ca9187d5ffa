using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Results;
using Tributary.Server.Modes;

namespace Tributary.Server.Tests.Data;

/// <summary>A folder is opened on the chain that it was begun on, and a bitcoind of another network is refused at the start.</summary>
public sealed class ChainBindingTests : IAsyncDisposable
{
    private const string OneFirst = "00000000000000000000000000000000000000000000000000000000000000a1";
    private const string OtherFirst = "00000000000000000000000000000000000000000000000000000000000000b2";

    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-chain-").FullName;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private BitcoinNetwork _network = BitcoinNetwork.Regtest;
    private string? _first;

    public ChainBindingTests()
    {
        _listener.Start();
        _serving = ServeAsync();
        File.WriteAllText(Cookie, "__cookie__:secret");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Cookie => Path.Combine(_folder, "cookie");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("signet", "regtest")]
    [InlineData("mainnet", "regtest")]
    [InlineData("regtest", "signet")]
    public async Task A_bitcoind_of_another_network_is_refused_with_what_to_say_instead(string followed, string chosen)
    {
        _network = Named(followed);
        var refused = (await OpenAsync(Options(Named(chosen)))).Error;
        Assert.Equal("--bitcoind", refused.Field);
        Assert.Contains($"follows {followed}, and --network says {chosen}", refused.Reason, StringComparison.Ordinal);
        Assert.Contains($"say --network {followed}", refused.Reason, StringComparison.Ordinal);

        // Nothing is held or noted: the right one is welcome.
        _network = Named(chosen);
        await BeginAsync(Named(chosen));
    }

    [Fact]
    public async Task A_live_half_on_another_network_keeps_the_server_from_starting()
    {
        _network = BitcoinNetwork.Signet;
        var options = new ServerOptions(0, Path.Combine(_folder, "both"), BitcoinNetwork.Regtest) { Live = Options(BitcoinNetwork.Regtest) };
        Assert.Equal("--bitcoind", (await ServerHost.BuildAsync(options, TimeProvider.System, Token)).Error.Field);
    }

    [Fact]
    public async Task A_folder_of_one_network_is_refused_on_another_even_while_bitcoind_is_away()
    {
        _network = BitcoinNetwork.Signet;
        await BeginAsync(BitcoinNetwork.Signet);

        _network = BitcoinNetwork.Regtest;
        foreach (var options in (ServerOptions[])[Options(BitcoinNetwork.Regtest), Options(BitcoinNetwork.Regtest) with { BitcoindUrl = new Uri("http://127.0.0.1:1/") }])
        {
            var refused = (await OpenAsync(options)).Error;
            Assert.Equal("--network", refused.Field);
            Assert.Contains("was begun on signet", refused.Reason, StringComparison.Ordinal);
            Assert.Contains("--network signet", refused.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_chain_of_the_same_network_is_refused_once_a_block_of_the_first_was_seen()
    {
        // A fresh regtest has no block to know it by.
        await BeginAsync(BitcoinNetwork.Regtest);
        _first = OneFirst;
        await BeginAsync(BitcoinNetwork.Regtest);

        _first = OtherFirst;
        var refused = (await OpenAsync(Options(BitcoinNetwork.Regtest))).Error;
        Assert.Equal("--bitcoind", refused.Field);
        Assert.Contains(OtherFirst, refused.Reason, StringComparison.Ordinal);
        Assert.Contains("another regtest than", refused.Reason, StringComparison.Ordinal);

        // A node that begins anew is not known by its first block yet; one that is away is waited for; the right one is welcome.
        _first = null;
        await BeginAsync(BitcoinNetwork.Regtest);
        await BeginAsync(BitcoinNetwork.Regtest, new Uri("http://127.0.0.1:1/"));
        _first = OneFirst;
        await BeginAsync(BitcoinNetwork.Regtest);
    }

    private static BitcoinNetwork Named(string name) => BitcoinNetwork.TryParse(name, out var network) ? network : throw new InvalidOperationException(name);

    private ServerOptions Options(BitcoinNetwork network) => new(0, Path.Combine(_folder, "data"), network)
    {
        BitcoindUrl = new Uri($"http://{_listener.LocalEndpoint}/"),
        BitcoindCookieFile = Cookie,
        AllowsRealMoney = true,
    };

    private static Task<Result<ModeHalf, Refusal>> OpenAsync(ServerOptions options) => HalfStart.OpenAsync(options, isLive: true, TimeProvider.System, Token);

    private async Task BeginAsync(BitcoinNetwork network, Uri? bitcoind = null)
    {
        var options = Options(network);
        var built = await OpenAsync(bitcoind is null ? options : options with { BitcoindUrl = bitcoind });
        Assert.True(built.IsOk, built.IsOk ? "" : $"{built.Error.Field} {built.Error.Reason}");
        await built.Value.DisposeAsync();
    }

    // Stands where bitcoind should: it knows two blocks, and closes the connection after each answer.
    private async Task ServeAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true)
                answers.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task AnswerAsync(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                var stream = connection.GetStream();
                var request = await ReadBodyAsync(stream);
                JsonNode answer = request is JsonArray batch ? new JsonArray([.. batch.Select(call => Reply(call!.AsObject()))]) : Reply(request.AsObject());
                var body = Encoding.UTF8.GetBytes(answer.ToJsonString());
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), _stop.Token);
                await stream.WriteAsync(body, _stop.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The server that asked has gone.
            }
        }
    }

    private async Task<JsonNode> ReadBodyAsync(NetworkStream stream)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
                throw new IOException("The request ended early.");
            bytes.Write(buffer, 0, count);
            var text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                continue;
            try
            {
                return JsonNode.Parse(text[(end + 4)..])!;
            }
            catch (System.Text.Json.JsonException)
            {
                // More is to come.
            }
        }
    }

    private JsonObject Reply(JsonObject call)
    {
        var reply = new JsonObject { ["id"] = call["id"]!.DeepClone(), ["result"] = null, ["error"] = null };
        switch (call["method"]!.GetValue<string>())
        {
            case "getblockhash" when call["params"]![0]!.GetValue<int>() == 0:
                reply["result"] = _network.GenesisHash.ToString();
                break;
            case "getblockhash" when _first is not null:
                reply["result"] = _first;
                break;
            case "getblockhash":
                reply["error"] = new JsonObject { ["code"] = -8, ["message"] = "Block height out of range" };
                break;
            default:
                reply["error"] = new JsonObject { ["code"] = -32601, ["message"] = "Method not found" };
                break;
        }

        return reply;
    }
}
