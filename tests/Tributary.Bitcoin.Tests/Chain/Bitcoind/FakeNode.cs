using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Networks;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>Stands where bitcoind should, and answers what a test wants.</summary>
internal sealed class FakeNode : HttpMessageHandler
{
    private readonly Dictionary<string, Func<JsonArray, JsonNode?>> _methods = new(StringComparer.Ordinal)
    {
        ["getblockhash"] = static _ => BitcoinNetwork.Regtest.GenesisHash.ToString(),
        ["getblockchaininfo"] = static _ => Info(0, 0),
        ["getzmqnotifications"] = static _ => new JsonArray(),
    };

    private int _requests;

    /// <summary>HTTP requests so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Answers a whole request instead of its methods, by its number (1 is the first); null lets the methods answer.</summary>
    public Func<int, HttpRequestMessage, HttpResponseMessage?>? Whole { get; set; }

    /// <summary>Quick to give up, without notifications.</summary>
    public static BitcoindOptions Options(BitcoindCredentials? credentials = null) =>
        new(new Uri("http://127.0.0.1:1/"), credentials ?? BitcoindCredentials.FromPassword("u", "p"), BitcoinNetwork.Regtest)
        {
            Retries = new RetryBounds(3, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)),
            RequestTimeout = TimeSpan.FromSeconds(30),
            OutageMax = TimeSpan.FromMilliseconds(50),
            // The monitor asks once; what a test sees afterwards is its own doing.
            PollInterval = TimeSpan.FromHours(1),
            NotificationAddress = BitcoindOptions.NoNotifications,
        };

    public static BitcoindRpcClient Client(FakeNode node, BitcoindCredentials? credentials = null, TimeSpan? timeout = null) =>
        new(Options().RpcAddress, credentials ?? BitcoindCredentials.FromPassword("u", "p"), Options().Retries, timeout ?? TimeSpan.FromSeconds(30), TimeProvider.System, node);

    public static JsonObject Info(int blocks, int headers, bool isDownloading = false) => new()
    {
        ["blocks"] = blocks,
        ["headers"] = headers,
        ["bestblockhash"] = BitcoinNetwork.Regtest.GenesisHash.ToString(),
        ["initialblockdownload"] = isDownloading,
        ["pruned"] = false,
    };

    public static HttpResponseMessage Text(HttpStatusCode status, string text) => new(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    /// <summary>Sets a method's result; throw <see cref="FakeFault"/> for an error.</summary>
    public FakeNode On(string method, Func<JsonArray, JsonNode?> answer)
    {
        _methods[method] = answer;
        return this;
    }

    public BitcoindChainSource Start(BitcoindOptions? options = null) => BitcoindChainSource.Start(options ?? Options(), TimeProvider.System, this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Whole?.Invoke(Interlocked.Increment(ref _requests), request) is { } whole)
            return whole;
        var calls = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        JsonNode answers = calls is JsonArray batch ? new JsonArray([.. batch.Select(call => Answer(call!.AsObject()))]) : Answer(calls.AsObject());
        return Text(HttpStatusCode.OK, answers.ToJsonString());
    }

    private JsonObject Answer(JsonObject call)
    {
        var reply = new JsonObject { ["id"] = call["id"]!.DeepClone(), ["result"] = null, ["error"] = null };
        try
        {
            if (!_methods.TryGetValue(call["method"]!.GetValue<string>(), out var method))
                throw new FakeFault(-32601, "Method not found");
            reply["result"] = method(call["params"]!.AsArray());
        }
        catch (FakeFault fault)
        {
            reply["error"] = new JsonObject { ["code"] = fault.Code, ["message"] = fault.Message };
        }

        return reply;
    }
}
