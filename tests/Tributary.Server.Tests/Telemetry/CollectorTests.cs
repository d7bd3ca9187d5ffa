using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Telemetry;

public sealed partial class CollectorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traces_measures_and_logs_arrive_at_a_collector_without_any_secret()
    {
        await using var collector = await Collector.StartAsync(Token);
        await using var server = new RunningServer { OtlpEndpoint = collector.Address };
        await server.InitializeAsync();
        var client = new StripeClient(server.Client, server.SecretKey);
        var intent = await client.PayAsync(500);
        var secret = (await client.GetAsync($"/v1/payment_intents/{intent}")).Text("client_secret");
        LogTest(server.Services.GetRequiredService<ILogger<CollectorTests>>(), 7);

        // What waits to be sent is sent when the server stops.
        await server.RestartAsync();

        var traces = MessagesOf("trace");
        Assert.All(traces.SelectMany(static message => message.All(1)), static resource =>
            Assert.Contains(resource.All(1, 1), static attribute => attribute.Text(1) is "service.name" && attribute.All(2).Single().Text(1) is "tributary"));
        var spans = traces.SelectMany(static message => message.All(1, 2, 2)).ToList();
        var created = spans.First(static span => span.Text(5) is "POST /v1/payment_intents");
        Assert.Equal((16, 8), (created.Bytes(1).Length, created.Bytes(2).Length));
        Assert.Contains(spans, span => span.Text(5) is "write" && span.Bytes(4).SequenceEqual(created.Bytes(2)) && span.Bytes(1).SequenceEqual(created.Bytes(1)));

        var measures = MessagesOf("metrics").SelectMany(static message => message.All(1, 2, 2)).Select(static metric => metric.Text(1)).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("http.server.request.duration", measures);
        Assert.Contains("db.client.operation.duration", measures);

        var logs = MessagesOf("logs").SelectMany(static message => message.All(1, 2, 2)).ToList();
        Assert.Contains(logs, static log => log.Text(3) is "Warning" && log.All(5).Single().Text(1).Contains("test", StringComparison.Ordinal));

        foreach (var (_, message) in collector.Taken)
        {
            var text = Encoding.Latin1.GetString(message);
            foreach (var hidden in (string[])[server.SecretKey, secret, intent])
                Assert.DoesNotContain(hidden, text, StringComparison.Ordinal);
        }

        List<ProtoMessage> MessagesOf(string signal) => [.. collector.Taken.Where(taken => string.Equals(taken.Signal, signal, StringComparison.Ordinal)).Select(static taken => new ProtoMessage(taken.Message))];
    }

    [Fact]
    public async Task A_collector_that_is_away_holds_nobody_up()
    {
        Uri address;
        await using (var collector = await Collector.StartAsync(Token))
            address = collector.Address;
        await using var server = new RunningServer { OtlpEndpoint = address };
        await server.InitializeAsync();
        Assert.StartsWith("pi_", await new StripeClient(server.Client, server.SecretKey).PayAsync(500), StringComparison.Ordinal);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A test of number {Number}")]
    private static partial void LogTest(ILogger logger, int number);
}
