using System.Text.Json;
using Tributary.Bitcoin.Chain.Bitcoind.Zmq;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>
/// Keeps the subscriptions to bitcoind's notifications alive and turns them into hints for the <see cref="NodeMonitor"/>. A topic's
/// running numbers show lost notifications; after a loss, as after each connection, followers are told to look at the whole.
/// </summary>
internal sealed class ZmqWatch(BitcoindQueries queries, NodeMonitor monitor, BitcoindOptions options, TimeProvider time)
{
    /// <summary>Bodies of "sequence" and the hash topics are some forty bytes; blocks and transactions come only where nothing smaller is published.</summary>
    private const int SmallBodyBytesMax = 256;
    private const int LargeBodyBytesMax = 4_100_000;

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(30);

    /// <summary>Watches until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            var (endpoints, isAnswered) = await FindEndpointsAsync(cancellationToken);
            if (endpoints.Count > 0)
            {
                var wasConnected = await ReadAllAsync(endpoints, cancellationToken);
                failures = wasConnected ? 1 : failures + 1;
            }
            else
            {
                failures = isAnswered ? int.MaxValue : Math.Min(failures, 100) + 1;
            }

            // A node without notifications may be restarted with them, but not within the next second.
            await Task.Delay(failures == int.MaxValue ? s_lookAgain : options.Retries.DelayAfter(failures), time, cancellationToken);
            if (failures == int.MaxValue)
                failures = 0;
        }
    }

    private async ValueTask<(IReadOnlyList<Endpoint> Endpoints, bool IsAnswered)> FindEndpointsAsync(CancellationToken cancellationToken)
    {
        var answer = await queries.CallAsync(new RpcCall("getzmqnotifications"), cancellationToken);
        if (!answer.TryGet(out var reply, out _))
            return ([], false);
        if (!reply.IsOk || reply.Result.ValueKind != JsonValueKind.Array)
            return ([], true);

        var published = new List<(string Topic, string Address)>();
        foreach (var item in reply.Result.EnumerateArray())
        {
            if (item.TryText("type", out var type) && item.TryText("address", out var address) && type.StartsWith("pub", StringComparison.Ordinal))
                published.Add((type[3..], options.NotificationAddress ?? address));
        }

        // The smallest topics that tell all: "sequence" tells of blocks and of the mempool.
        string[] wanted = published.Exists(static one => one.Topic is "sequence")
            ? ["sequence"]
            : [Best(published, "hashblock", "rawblock"), Best(published, "hashtx", "rawtx")];
        var endpoints = published
            .Where(one => wanted.Contains(one.Topic, StringComparer.Ordinal))
            .GroupBy(static one => one.Address, static one => one.Topic, StringComparer.Ordinal)
            .Select(group => Endpoint.TryParse(group.Key, options.RpcAddress.Host, [.. group.Distinct(StringComparer.Ordinal)]))
            .OfType<Endpoint>()
            .ToList();
        return (endpoints, true);
    }

    private static string Best(List<(string Topic, string Address)> published, string small, string large) =>
        published.Exists(one => string.Equals(one.Topic, small, StringComparison.Ordinal)) ? small : large;

    /// <summary>Reads all endpoints until one ends; true when all were connected.</summary>
    private async ValueTask<bool> ReadAllAsync(IReadOnlyList<Endpoint> endpoints, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connected = 0;
        var topics = endpoints.SelectMany(static endpoint => endpoint.Topics).ToHashSet(StringComparer.Ordinal);
        void Connected()
        {
            if (Interlocked.Increment(ref connected) != endpoints.Count)
                return;
            monitor.HasNotifications = topics.Overlaps(["sequence", "hashblock", "rawblock"]);
            monitor.HasExactHints = topics.Contains("sequence");
            LookAtTheWhole();
        }

        var readers = endpoints.Select(endpoint => ReadAsync(endpoint, Connected, stop.Token)).ToList();
        await Task.WhenAny(readers);
        monitor.HasNotifications = false;
        monitor.HasExactHints = false;
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        cancellationToken.ThrowIfCancellationRequested();
        LookAtTheWhole();
        return connected == endpoints.Count;
    }

    private async Task ReadAsync(Endpoint endpoint, Action connected, CancellationToken cancellationToken)
    {
        var bodyBytesMax = endpoint.Topics.Any(static topic => topic.StartsWith("raw", StringComparison.Ordinal)) ? LargeBodyBytesMax : SmallBodyBytesMax;
        var subscriber = new ZmqSubscriber(endpoint.Host, endpoint.Port, endpoint.Topics, bodyBytesMax, time);
        var numbers = new Dictionary<string, uint>(StringComparer.Ordinal);
        try
        {
            await foreach (var message in subscriber.ReadAsync(connected, cancellationToken))
            {
                if (!endpoint.Topics.Contains(message.Topic, StringComparer.Ordinal))
                    continue;
                if (numbers.TryGetValue(message.Topic, out var last) && message.Number != unchecked(last + 1))
                    LookAtTheWhole();
                numbers[message.Topic] = message.Number;
                Handle(message);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The connection is made again; polling goes on in between.
        }
    }

    private void Handle(ZmqMessage message)
    {
        switch (message.Topic)
        {
            case "hashblock" or "rawblock":
                monitor.HintBlock();
                break;
            case "hashtx" or "rawtx":
                monitor.Hint(new MempoolHint(MempoolHintKind.Unknown, default, 0));
                break;
            default:
                HandleSequence(message.Body.Span);
                break;
        }
    }

    /// <summary>A hash as it is shown, a letter and, for the mempool, the number of the change (Bitcoin Core, <c>doc/zmq.md</c>).</summary>
    private void HandleSequence(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        var reader = new SpanReader(body);
        if (reader.TryReadBytes(Bytes32.Length, out var shown) && reader.TryReadByte(out var letter))
        {
            shown.CopyTo(hash);
            hash.Reverse();
            switch ((char)letter)
            {
                case 'C' or 'D' when reader.IsAtEnd:
                    monitor.HintBlock();
                    return;
                case 'A' when reader.TryReadUInt64LittleEndian(out var number):
                    monitor.Hint(new MempoolHint(MempoolHintKind.Added, new TxId(new Bytes32(hash)), number));
                    return;
                case 'R' when reader.TryReadUInt64LittleEndian(out var number):
                    monitor.Hint(new MempoolHint(MempoolHintKind.Removed, new TxId(new Bytes32(hash)), number));
                    return;
            }
        }

        LookAtTheWhole();
    }

    private void LookAtTheWhole()
    {
        monitor.HintBlock();
        monitor.Hint(new MempoolHint(MempoolHintKind.Unknown, default, 0));
    }

    private sealed record Endpoint(string Host, int Port, IReadOnlyList<string> Topics)
    {
        /// <summary>An endpoint over TCP; where the publisher listens on all addresses, it is where RPC is.</summary>
        internal static Endpoint? TryParse(string address, string rpcHost, IReadOnlyList<string> topics)
        {
            if (!address.StartsWith("tcp://", StringComparison.Ordinal))
                return null;
            var hostAndPort = address["tcp://".Length..];
            var colon = hostAndPort.LastIndexOf(':');
            if (colon < 0 || !ushort.TryParse(hostAndPort.AsSpan(colon + 1), out var port) || port == 0)
                return null;
            var host = hostAndPort[..colon].Trim('[', ']');
            return new Endpoint(host is "*" or "0.0.0.0" or "::" ? rpcHost : host, port, topics);
        }
    }
}
