using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tributary.Server.Health;

namespace Tributary.Server.Telemetry;

/// <summary>What the server measures, by the names of OpenTelemetry's conventions where there are any. Nothing carries a secret or a person.</summary>
internal sealed class ServerMeters : IDisposable
{
    /// <summary>The name of meter and spans.</summary>
    public const string Name = "Tributary";

    private const string ModeTag = "tributary.mode";

    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _transactions;
    private volatile HealthReport? _test;
    private volatile HealthReport? _live;

    public ServerMeters()
    {
        _requests = _meter.CreateHistogram<double>("http.server.request.duration", "s", "Requests by route and status.");
        _transactions = _meter.CreateHistogram<double>("db.client.operation.duration", "s", "Transactions of the payment database, until they are durable.");
        Gauge("tributary.healthy", static report => report.IsHealthy ? 1 : 0, "1 when /health finds nothing wrong.");
        Gauge("tributary.chain.height", static report => report.Height ?? 0, "The newest block known.");
        Gauge("tributary.outbox.waiting", static report => report.OutboxWaiting, "Events without a number yet.");
        Gauge("tributary.webhooks.waiting", static report => report.WebhooksWaiting, "Deliveries that were not taken yet.");
        Gauge("tributary.webhooks.late", static report => report.WebhooksLateSeconds, "Seconds that the first delivery is late.");
        Gauge("tributary.outgoing.stopped", static report => report.OutgoingStopped ? 1 : 0, "1 when no refund or payout leaves.");
        Gauge("tributary.books.mismatch", static report => report.Reconciliation is "mismatch" ? 1 : 0, "1 when the books and the world differ.");
    }

    /// <summary>Where spans come from; nobody listens, nothing is made.</summary>
    public ActivitySource Spans { get; } = new(Name);

    /// <summary>What the gauges show until the next look.</summary>
    public void Show(HealthReport test, HealthReport? live)
    {
        _test = test;
        _live = live;
    }

    public void Request(TimeSpan taken, string method, string route, int status) => _requests.Record(
        taken.TotalSeconds,
        new KeyValuePair<string, object?>("http.request.method", method),
        new KeyValuePair<string, object?>("http.route", route),
        new KeyValuePair<string, object?>("http.response.status_code", status));

    public void Transaction(TimeSpan taken, bool isWrite, bool hasFailed) => _transactions.Record(
        taken.TotalSeconds,
        new KeyValuePair<string, object?>("db.operation.name", isWrite ? "write" : "read"),
        new KeyValuePair<string, object?>("error", hasFailed));

    public void Dispose()
    {
        _meter.Dispose();
        Spans.Dispose();
    }

    private void Gauge(string name, Func<HealthReport, long> read, string description) =>
        _meter.CreateObservableGauge(name, () => Measure(read), unit: null, description);

    private IEnumerable<Measurement<long>> Measure(Func<HealthReport, long> read)
    {
        if (_test is { } test)
            yield return new Measurement<long>(read(test), new KeyValuePair<string, object?>(ModeTag, "test"));
        if (_live is { } live)
            yield return new Measurement<long>(read(live), new KeyValuePair<string, object?>(ModeTag, "live"));
    }
}
