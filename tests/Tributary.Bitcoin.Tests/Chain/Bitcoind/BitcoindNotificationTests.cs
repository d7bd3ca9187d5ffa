using System.Text.Json.Nodes;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Tests.Chain.Bitcoind.Zmq;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>Notifications that come late, lie or are lost: what is told is what RPC says.</summary>
public sealed class BitcoindNotificationTests : IDisposable
{
    private readonly FakePublisher _publisher = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Transaction> _mempool = new(StringComparer.Ordinal);
    private ulong _number = 1;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _publisher.Dispose();

    [Fact]
    public async Task Entries_and_exits_are_told_by_number_and_a_gap_makes_the_whole_be_looked_at()
    {
        await using var source = Node().Start(Options());
        var (socket, topics) = await _publisher.HandshakeAsync(1, Cancellation);
        Assert.Equal(["sequence"], topics, StringComparer.Ordinal);
        await using var events = new EventReader<MempoolEvent>(source.FollowMempoolAsync);

        // Notified one by one.
        var first = Transaction(1);
        await FakePublisher.SendAsync(socket, "sequence", Enter(first), 0, Cancellation);
        await events.UntilAsync(one => one is MempoolEvent.Entered entered && entered.Transaction.Equals(first), Cancellation);
        await FakePublisher.SendAsync(socket, "sequence", Leave(first), 1, Cancellation);
        await events.UntilAsync(one => one is MempoolEvent.Left left && left.TxId == first.TxId, Cancellation);

        // One notification is lost: its transaction is told all the same.
        var (lost, next) = (Transaction(2), Transaction(3));
        Enter(lost);
        await FakePublisher.SendAsync(socket, "sequence", Enter(next), 3, Cancellation);
        var seen = new HashSet<TxId>();
        while (!(seen.Contains(lost.TxId) && seen.Contains(next.TxId)))
            seen.Add(Assert.IsType<MempoolEvent.Entered>(await events.NextAsync(Cancellation)).Transaction.TxId);
    }

    [Fact]
    public async Task A_notification_that_lies_tells_nothing()
    {
        await using var source = Node().Start(Options());
        var (socket, _) = await _publisher.HandshakeAsync(1, Cancellation);
        await using var events = new EventReader<MempoolEvent>(source.FollowMempoolAsync);
        var honest = Transaction(1);
        await FakePublisher.SendAsync(socket, "sequence", Enter(honest), 0, Cancellation);
        await events.UntilAsync(one => one is MempoolEvent.Entered entered && entered.Transaction.Equals(honest), Cancellation);

        // It has not left; the other is not there; the third is no notification at all.
        await FakePublisher.SendAsync(socket, "sequence", Body(honest.TxId, 'R', 50), 1, Cancellation);
        await FakePublisher.SendAsync(socket, "sequence", Body(Transaction(7).TxId, 'A', 51), 2, Cancellation);
        await FakePublisher.SendAsync(socket, "sequence", [1, 2, 3], 3, Cancellation);
        var last = Transaction(9);
        await FakePublisher.SendAsync(socket, "sequence", Enter(last), 4, Cancellation);

        Assert.Equal(last, Assert.IsType<MempoolEvent.Entered>(await events.NextAsync(Cancellation)).Transaction);
    }

    [Fact]
    public async Task A_publisher_that_goes_is_connected_to_again_and_nothing_in_between_is_missed()
    {
        await using var source = Node().Start(Options());
        var (socket, _) = await _publisher.HandshakeAsync(1, Cancellation);
        await using var events = new EventReader<MempoolEvent>(source.FollowMempoolAsync);
        _ = events.MoveNext();

        var between = Transaction(1);
        Enter(between);
        socket.Dispose();
        await events.UntilAsync(one => one is MempoolEvent.Entered entered && entered.Transaction.Equals(between), Cancellation);

        var (again, _) = await _publisher.HandshakeAsync(1, Cancellation);
        var after = Transaction(2);
        await FakePublisher.SendAsync(again, "sequence", Enter(after), 0, Cancellation);
        await events.UntilAsync(one => one is MempoolEvent.Entered entered && entered.Transaction.Equals(after), Cancellation);
    }

    [Theory]
    [InlineData("hashblock,hashtx,rawblock,rawtx", "hashblock,hashtx")]
    [InlineData("rawblock,rawtx", "rawblock,rawtx")]
    [InlineData("sequence,hashblock,rawtx", "sequence")]
    public async Task The_smallest_topics_that_tell_all_are_subscribed_to(string published, string expected)
    {
        await using var source = Node(published.Split(',')).Start(Options());

        var (socket, topics) = await _publisher.HandshakeAsync(expected.Split(',').Length, Cancellation);

        using (socket)
            Assert.Equal(expected, string.Join(',', topics));
    }

    private static BitcoindOptions Options() => FakeNode.Options() with
    {
        NotificationAddress = null,
        PollInterval = TimeSpan.FromMilliseconds(20),
        NotifiedPollInterval = TimeSpan.FromHours(1),
        OutageMax = TimeSpan.FromMinutes(1),
    };

    private static Transaction Transaction(byte seed) =>
        new Spendable(new OutPoint(new TxId(new(Enumerable.Repeat(seed, 32).ToArray())), seed), new Satoshis(100_000)).Pay(fee: 1000);

    private static byte[] Body(TxId id, char letter, ulong number) => [.. Convert.FromHexString(id.ToString()), (byte)letter, .. BitConverter.GetBytes(number)];

    private byte[] Enter(Transaction transaction)
    {
        lock (_lock)
        {
            _mempool[transaction.TxId.ToString()] = transaction;
            return Body(transaction.TxId, 'A', _number++);
        }
    }

    private byte[] Leave(Transaction transaction)
    {
        lock (_lock)
        {
            _mempool.Remove(transaction.TxId.ToString());
            return Body(transaction.TxId, 'R', _number++);
        }
    }

    private FakeNode Node(params string[] topics)
    {
        T Locked<T>(Func<T> read)
        {
            lock (_lock)
                return read();
        }

        if (topics.Length == 0)
            topics = ["sequence"];
        return new FakeNode()
            .On("getzmqnotifications", _ => new JsonArray([.. topics.Select(topic => (JsonNode?)new JsonObject { ["type"] = $"pub{topic}", ["address"] = $"tcp://127.0.0.1:{_publisher.Port}", ["hwm"] = 1000 })]))
            .On("getbestblockhash", static _ => Networks.BitcoinNetwork.Regtest.GenesisHash.ToString())
            .On("getblock", static _ => JsonNode.Parse("""{"height":0,"tx":[]}"""))
            .On("getrawmempool", _ => Locked(() => new JsonObject { ["txids"] = new JsonArray([.. _mempool.Keys.Select(static id => (JsonNode?)id)]), ["mempool_sequence"] = _number }))
            .On("getmempoolentry", call => Locked(() => _mempool.ContainsKey(call[0]!.GetValue<string>()) ? new JsonObject() : throw new FakeFault(-5, "Transaction not in mempool")))
            .On("getrawtransaction", call => Locked(() => _mempool.TryGetValue(call[0]!.GetValue<string>(), out var found) ? (JsonNode?)found.ToHex() : throw new FakeFault(-5, "No such mempool transaction")));
    }
}
