using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

public sealed class BitcoindRpcClientTests
{
    private static readonly RpcCall s_call = new("getblockcount");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("5")]
    [InlineData("<html>hello</html>")]
    [InlineData("{\"id\":0,\"result\":1")]
    [InlineData("{\"id\":1,\"result\":1,\"error\":null}")]
    [InlineData("{\"id\":\"0\",\"result\":1,\"error\":null}")]
    [InlineData("{\"id\":0,\"error\":{\"code\":\"x\"}}")]
    [InlineData("{\"id\":0,\"error\":\"no\"}")]
    [InlineData("[{\"id\":0,\"result\":1,\"error\":null}]")]
    public async Task Garbage_is_a_bad_answer_and_is_not_asked_for_again(string garbage)
    {
        var node = new FakeNode { Whole = (_, _) => FakeNode.Text(HttpStatusCode.OK, garbage) };
        using var client = FakeNode.Client(node);

        var answer = await client.CallAsync(s_call, Cancellation);

        Assert.Equal(ChainErrorKind.BadAnswer, answer.Error.Kind);
        Assert.Equal(1, node.Requests);
    }

    [Fact]
    public async Task A_batch_may_be_answered_in_any_order_but_whole()
    {
        var node = new FakeNode { Whole = (_, _) => FakeNode.Text(HttpStatusCode.OK, "[{\"id\":1,\"result\":\"b\"},{\"id\":0,\"result\":\"a\"}]") };
        using var client = FakeNode.Client(node);
        var replies = (await client.BatchAsync([s_call, s_call], Cancellation)).Value;
        Assert.Equal("a b", string.Join(' ', replies.Select(static reply => reply.Result.GetString())));

        node.Whole = (_, _) => FakeNode.Text(HttpStatusCode.OK, "[{\"id\":0,\"result\":\"a\"},{\"id\":0,\"result\":\"a\"}]");
        Assert.Equal(ChainErrorKind.BadAnswer, (await client.BatchAsync([s_call, s_call], Cancellation)).Error.Kind);
    }

    [Fact]
    public async Task An_answer_that_claims_to_be_too_large_is_not_read()
    {
        var content = new EndlessContent(claimedLength: 1L << 40);
        using var client = FakeNode.Client(new FakeNode { Whole = (_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = content } });

        var answer = await client.CallAsync(s_call, Cancellation);

        Assert.Equal(ChainErrorKind.BadAnswer, answer.Error.Kind);
        Assert.Equal(0, content.BytesRead);
    }

    [Fact]
    public async Task An_answer_without_end_is_left_at_its_bound()
    {
        var content = new EndlessContent(claimedLength: null);
        using var client = FakeNode.Client(new FakeNode { Whole = (_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = content } });

        var answer = await client.CallAsync(s_call with { AnswerBytesMax = 100_000 }, Cancellation);

        Assert.Equal(ChainErrorKind.BadAnswer, answer.Error.Kind);
        Assert.InRange(content.BytesRead, 100_000, 400_000);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_in_time_is_tried_again_up_to_the_bound()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sockets = new List<Socket>();
        var accepting = AcceptAsync();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        using var client = new BitcoindRpcClient(address, BitcoindCredentials.FromPassword("u", "p"), new RetryBounds(3, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)), TimeSpan.FromSeconds(1), TimeProvider.System);

        var answer = await client.CallAsync(s_call, Cancellation);

        Assert.Equal(ChainErrorKind.Unreachable, answer.Error.Kind);
        Assert.Contains("did not answer getblockcount within 1 seconds", answer.Error.Reason, StringComparison.Ordinal);
        await end.CancelAsync();
        await accepting;
        foreach (var socket in sockets)
            socket.Dispose();

        // A try takes up the connection of the one before where that came about too late.
        Assert.InRange(sockets.Count, 0, 3);

        async Task AcceptAsync()
        {
            try
            {
                while (true)
                    sockets.Add(await listener.AcceptSocketAsync(end.Token));
            }
            catch (OperationCanceledException)
            {
                // All tries are over.
            }
        }
    }

    [Fact]
    public async Task A_body_that_trickles_in_counts_against_the_same_time()
    {
        var node = new FakeNode { Whole = (_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StalledContent() } };
        using var client = FakeNode.Client(node, timeout: TimeSpan.FromSeconds(1));

        Assert.Equal(ChainErrorKind.Unreachable, (await client.CallAsync(s_call, Cancellation)).Error.Kind);
        Assert.Equal(3, node.Requests);
    }

    [Fact]
    public async Task Nobody_at_the_port_is_said_in_words()
    {
        using var client = new BitcoindRpcClient(new Uri("http://127.0.0.1:1/"), BitcoindCredentials.FromPassword("u", "p"), new RetryBounds(2, TimeSpan.Zero, TimeSpan.Zero), TimeSpan.FromSeconds(5), TimeProvider.System);

        var answer = await client.CallAsync(s_call, Cancellation);

        Assert.Equal(ChainErrorKind.Unreachable, answer.Error.Kind);
        Assert.Contains("Is it running", answer.Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_starts_is_waited_for()
    {
        var node = new FakeNode
        {
            Whole = (number, _) => number < 3 ? FakeNode.Text(HttpStatusCode.InternalServerError, "{\"id\":0,\"result\":null,\"error\":{\"code\":-28,\"message\":\"Loading block index…\"}}") : null,
        };
        node.On("getblockcount", static _ => 7);
        using var client = FakeNode.Client(node);
        Assert.Equal(7, (await client.CallAsync(s_call, Cancellation)).Value.Result.GetInt32());

        node.Whole = (_, _) => FakeNode.Text(HttpStatusCode.InternalServerError, "{\"id\":0,\"result\":null,\"error\":{\"code\":-28,\"message\":\"Loading block index…\"}}");
        var late = (await client.CallAsync(s_call, Cancellation)).Error;
        Assert.Equal(ChainErrorKind.NotSynced, late.Kind);
        Assert.Contains("Loading block index…", late.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "work queue")]
    [InlineData(HttpStatusCode.BadGateway, "something stands between")]
    public async Task A_busy_node_and_a_proxy_without_one_are_tried_again(HttpStatusCode status, string reason)
    {
        var node = new FakeNode { Whole = (_, _) => FakeNode.Text(status, "<html>no</html>") };
        using var client = FakeNode.Client(node);

        var error = (await client.CallAsync(s_call, Cancellation)).Error;

        Assert.Equal(ChainErrorKind.Unreachable, error.Kind);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Equal(3, node.Requests);
    }

    [Fact]
    public async Task A_cookie_is_read_again_when_it_is_refused()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "__cookie__:old", Cancellation);
        var current = "__cookie__:old";
        var node = new FakeNode
        {
            Whole = (_, request) => string.Equals(request.Headers.Authorization!.Parameter, Convert.ToBase64String(Encoding.UTF8.GetBytes(current)), StringComparison.Ordinal)
                ? null
                : new HttpResponseMessage(HttpStatusCode.Unauthorized),
        };
        node.On("getblockcount", static _ => 7);
        using var client = FakeNode.Client(node, BitcoindCredentials.FromCookieFile(path));
        Assert.True((await client.CallAsync(s_call, Cancellation)).IsOk);

        // The node is restarted.
        current = "__cookie__:new";
        await File.WriteAllTextAsync(path, current, Cancellation);
        Assert.True((await client.CallAsync(s_call, Cancellation)).IsOk);

        current = "__cookie__:another";
        var refused = (await client.CallAsync(s_call, Cancellation)).Error;
        Assert.Equal(ChainErrorKind.Unauthorized, refused.Kind);
        Assert.Contains(path, refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("__cookie__", refused.Reason, StringComparison.Ordinal);

        File.Delete(path);
        using var without = FakeNode.Client(node, BitcoindCredentials.FromCookieFile(path));
        Assert.Contains("does not exist", (await without.CallAsync(s_call, Cancellation)).Error.Reason, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, new string('x', 10_000), Cancellation);
        using var wrong = FakeNode.Client(node, BitcoindCredentials.FromCookieFile(path));
        Assert.Contains("is no cookie file", (await wrong.CallAsync(s_call, Cancellation)).Error.Reason, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public void Credentials_come_from_the_environment_and_never_show()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["TRIBUTARY_BITCOIND_COOKIE"] = "/x/.cookie" };
        Assert.Equal("cookie file /x/.cookie", BitcoindCredentials.FromEnvironment(environment.GetValueOrDefault)!.ToString());

        environment["TRIBUTARY_BITCOIND_USER"] = "alice";
        environment["TRIBUTARY_BITCOIND_PASSWORD"] = "secret";
        Assert.Equal("user alice", BitcoindCredentials.FromEnvironment(environment.GetValueOrDefault)!.ToString());

        Assert.Null(BitcoindCredentials.FromEnvironment(static _ => null));
    }

    [Theory]
    [InlineData("0.00000001", 1)]
    [InlineData("20999999.97690000", 2_099_999_997_690_000)]
    [InlineData("0.10000000", 10_000_000)]
    [InlineData("0.29000000", 29_000_000)]
    [InlineData("21", 2_100_000_000)]
    public void Amounts_are_read_from_their_digits(string text, long satoshis)
    {
        using var document = JsonDocument.Parse($$"""{"value":{{text}}}""");

        Assert.True(document.RootElement.TryAmount("value", out var amount));
        Assert.Equal(satoshis, amount.Value);
    }

    [Theory]
    [InlineData("1e-8")]
    [InlineData("0.000000001")]
    [InlineData("-1")]
    [InlineData("21000000.00000001")]
    [InlineData("\"1\"")]
    [InlineData("null")]
    [InlineData("1E400")]
    public void What_is_no_amount_is_not_read(string text)
    {
        using var document = JsonDocument.Parse($$"""{"value":{{text}}}""");

        Assert.False(document.RootElement.TryAmount("value", out _));
    }

    [Fact]
    public void No_answer_makes_the_reader_throw()
    {
        byte[][] corpus =
        [
            """{"id":0,"result":{"a":[1,2.50000000,"x"]},"error":null}"""u8.ToArray(),
            """[{"id":0,"result":null,"error":{"code":-5,"message":"No \u00e9"}},{"id":1,"result":"00ff"}]"""u8.ToArray(),
        ];
        Fuzz.Run(
            corpus,
            static input =>
            {
                for (var count = 1; count < 3; count++)
                {
                    foreach (var reply in RpcMessage.Read(input.ToArray(), count) ?? [])
                    {
                        _ = reply.Result.Text();
                        _ = reply.Result.TryBytes(out _);
                        _ = reply.Result.TryAmount("a", out _);
                    }
                }
            },
            limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 16_384));
    }

    private sealed class EndlessContent(long? claimedLength) : HttpContent
    {
        public long BytesRead { get; private set; }

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new Endless(this));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = claimedLength ?? 0;
            return claimedLength is not null;
        }

        private sealed class Endless(EndlessContent content) : MemoryStream
        {
            public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                buffer.Span.Fill((byte)' ');
                content.BytesRead += buffer.Length;
                return ValueTask.FromResult(buffer.Length);
            }
        }
    }

    private sealed class StalledContent : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new Stalled());

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        private sealed class Stalled : MemoryStream
        {
            private bool _isFirst = true;

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                if (!_isFirst)
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                _isFirst = false;
                buffer.Span[0] = (byte)'{';
                return 1;
            }
        }
    }
}
