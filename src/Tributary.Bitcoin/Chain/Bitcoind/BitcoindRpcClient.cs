using System.Net;
using System.Net.Http.Headers;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>
/// bitcoind's JSON-RPC over HTTP. Every call made here can be repeated without harm, so broken connections, timeouts, a full work
/// queue and a node that is starting are retried up to a bound. Credentials are read again when they are refused: a cookie changes
/// with each start of the node. Answers are bounded in size and time. Safe to call from many threads.
/// </summary>
public sealed class BitcoindRpcClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly BitcoindCredentials _credentials;
    private readonly RetryBounds _retries;
    private readonly TimeSpan _requestTimeout;
    private readonly TimeProvider _time;
    private string? _authorization;
    private bool _isClosed;

    /// <param name="address">Where the RPC server listens: <c>http://127.0.0.1:8332/</c>.</param>
    /// <param name="credentials">Who we are.</param>
    /// <param name="retries">How often a call is tried.</param>
    /// <param name="requestTimeout">The longest that one attempt may take, answer included.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">Carries the requests; disposed of with the client. Null for the platform's.</param>
    public BitcoindRpcClient(Uri address, BitcoindCredentials credentials, RetryBounds retries, TimeSpan requestTimeout, TimeProvider time, HttpMessageHandler? handler = null)
    {
        _address = address;
        _credentials = credentials;
        _retries = retries;
        _requestTimeout = requestTimeout;
        _time = time;
        _http = new HttpClient(handler ?? NewHandler()) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Calls one method.</summary>
    public async ValueTask<Result<RpcReply, ChainError>> CallAsync(RpcCall call, CancellationToken cancellationToken) =>
        (await BatchAsync([call], cancellationToken)).TryGet(out var replies, out var error) ? replies[0] : error;

    /// <summary>Calls several methods in one request, in order; the answers come in the same order.</summary>
    public async ValueTask<Result<RpcReply[], ChainError>> BatchAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken)
    {
        var body = RpcMessage.Write(calls);
        var answerBytesMax = (int)Math.Min(int.MaxValue / 2, calls.Sum(static call => (long)call.AnswerBytesMax));
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await AttemptAsync(body, calls, answerBytesMax, cancellationToken);
            if (outcome.Replies is { } replies)
                return replies;
            if (!outcome.MayPass || attempt >= _retries.AttemptsMax)
                return outcome.Error!;
            await Task.Delay(_retries.DelayAfter(attempt), _time, cancellationToken);
        }
    }

    /// <summary>Ends calls under way; they and later ones fail with <see cref="ChainErrorKind.Closed"/>.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _isClosed, true);
        _http.Dispose();
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // bitcoind closes a connection that idles for 30 seconds; ours is gone before.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
    };

    private async ValueTask<Outcome> AttemptAsync(byte[] body, IReadOnlyList<RpcCall> calls, int answerBytesMax, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_requestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var problem = "";
            var known = Volatile.Read(ref _authorization);
            var authorization = known ?? ReadCredentials(out problem);
            if (authorization is null)
                return Outcome.Failed(ChainErrorKind.Unreachable, problem, mayPass: true);

            var outcome = await PostAsync(body, calls, answerBytesMax, authorization, either.Token);
            if (outcome.Error?.Kind != ChainErrorKind.Unauthorized || known is null)
                return outcome;

            // The node may have been restarted since the cookie was read.
            var again = ReadCredentials(out _);
            return again is null || string.Equals(again, known, StringComparison.Ordinal) ? outcome : await PostAsync(body, calls, answerBytesMax, again, either.Token);
        }
        catch (Exception exception) when (Volatile.Read(ref _isClosed) && exception is ObjectDisposedException or OperationCanceledException or HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Outcome.Failed(ChainErrorKind.Closed, "The chain source is closed.", mayPass: false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Outcome.Failed(ChainErrorKind.Unreachable, $"bitcoind at {_address} did not answer {calls[0].Method} within {_requestTimeout.TotalSeconds} seconds.", mayPass: true);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Outcome.Failed(ChainErrorKind.Unreachable, $"bitcoind at {_address} can't be reached: {exception.Message} Is it running, and is this its RPC port?", mayPass: true);
        }
    }

    private string? ReadCredentials(out string problem)
    {
        var authorization = _credentials.Read(out problem);
        Volatile.Write(ref _authorization, authorization);
        return authorization;
    }

    private async ValueTask<Outcome> PostAsync(byte[] body, IReadOnlyList<RpcCall> calls, int answerBytesMax, string authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", authorization);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized:
                return Outcome.Failed(ChainErrorKind.Unauthorized, $"bitcoind at {_address} refuses the credentials ({_credentials}).", mayPass: false);
            case HttpStatusCode.Forbidden:
                return Outcome.Failed(ChainErrorKind.Unauthorized, $"bitcoind at {_address} does not serve this machine: allow it with -rpcallowip.", mayPass: false);
            case HttpStatusCode.ServiceUnavailable:
                return Outcome.Failed(ChainErrorKind.Unreachable, $"bitcoind at {_address} is too busy: its work queue is full (-rpcworkqueue).", mayPass: true);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var answer = await BoundedBody.ReadAsync(stream, response.Content.Headers.ContentLength, answerBytesMax, cancellationToken);
        if (answer is null)
            return Outcome.Failed(ChainErrorKind.BadAnswer, $"bitcoind at {_address} answered {calls[0].Method} with more than {answerBytesMax} bytes.", mayPass: false);

        var replies = RpcMessage.Read(answer.Memory, calls.Count);
        if (replies is null)
        {
            // An error page without JSON is a proxy in front of a node that is away.
            var isError = (int)response.StatusCode >= 500;
            return Outcome.Failed(
                isError ? ChainErrorKind.Unreachable : ChainErrorKind.BadAnswer,
                $"What listens at {_address} answered {calls[0].Method} with status {(int)response.StatusCode} and no JSON-RPC: it is not bitcoind, or something stands between.",
                mayPass: isError);
        }

        foreach (var reply in replies)
        {
            if (reply.Fault is { Code: RpcFault.InWarmup } warmup)
                return Outcome.Failed(ChainErrorKind.NotSynced, $"bitcoind at {_address} is starting: {warmup.Message}", mayPass: true);
        }

        return new Outcome(replies, null, MayPass: false);
    }

    private readonly record struct Outcome(RpcReply[]? Replies, ChainError? Error, bool MayPass)
    {
        internal static Outcome Failed(ChainErrorKind kind, string reason, bool mayPass) => new(null, new ChainError(kind, reason), mayPass);
    }
}
