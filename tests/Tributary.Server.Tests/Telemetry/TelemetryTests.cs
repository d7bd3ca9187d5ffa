using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
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
        var trace = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/v1/payment_intents/{intent}", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.SecretKey);
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        // A span ends after its answer went out; servers of other tests have theirs at the same time.
        await UntilAsync(() => spans.Any(span => IsRead(span) && span.TraceId == trace) && spans.Any(static span => span.DisplayName is "write"));
        var read = Assert.Single(spans, span => IsRead(span) && span.TraceId == trace);
        Assert.Equal(200, read.GetTagItem("http.response.status_code"));
        Assert.Contains(spans, span => span.ParentSpanId == read.SpanId && span.DisplayName is "read");
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
        await UntilAsync(() => measured.GetValueOrDefault("http.server.request.duration") > 0 && measured.GetValueOrDefault("db.client.operation.duration") > 0);
    }

    private static bool IsRead(Activity span) =>
        span.DisplayName.StartsWith("GET", StringComparison.Ordinal) && string.Equals(span.GetTagItem("http.route") as string, "/v1/payment_intents/{id}", StringComparison.Ordinal);

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var patience = 0; !holds(); patience++)
        {
            Assert.True(patience < 6000, "What was done is not told of.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
