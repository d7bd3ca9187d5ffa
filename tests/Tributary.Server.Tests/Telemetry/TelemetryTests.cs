using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Telemetry;

public sealed class TelemetryTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Requests_and_their_transactions_are_spans_under_the_name_of_the_route_without_its_secrets()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "Tributary",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var client = new StripeClient(server.Client, server.SecretKey);
        var intent = await client.PayAsync(500);
        await client.GetAsync($"/v1/payment_intents/{intent}");

        var read = Assert.Single(spans, span => span.DisplayName.StartsWith("GET", StringComparison.Ordinal) && string.Equals(span.GetTagItem("http.route") as string, "/v1/payment_intents/{id}", StringComparison.Ordinal));
        Assert.Equal(200, read.GetTagItem("http.response.status_code"));
        Assert.Contains(spans, span => span.ParentSpanId == read.SpanId && span.DisplayName is "read");
        Assert.Contains(spans, static span => span.DisplayName is "write");
        Assert.DoesNotContain(spans, span => span.TagObjects.Any(tag => tag.Value?.ToString()?.Contains(intent, StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task Requests_and_transactions_are_measured()
    {
        var measured = new ConcurrentDictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, me) =>
            {
                if (instrument.Meter.Name is "Tributary")
                    me.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        await new StripeClient(server.Client, server.SecretKey).PayAsync(700);
        Assert.True(measured["http.server.request.duration"] > 0);
        Assert.True(measured["db.client.operation.duration"] > 0);
    }
}
