using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Tributary.Payments.Invoices;
using Tributary.Payments.Outbox;
using Tributary.Payments.Webhooks;
using Tributary.Server.Greenfield.Webhooks;
using Tributary.Server.Stripe;
using Tributary.Storage.Relational;

namespace Tributary.Server.Webhooks;

/// <summary>
/// Sends what is due, signed afresh at each try. A delivery that the process did not live to note is sent again: receivers tell copies by the
/// event's name.
/// </summary>
internal sealed class WebhookSender(WebhookStore store, IDatabase database, TimeProvider clock) : IDisposable
{
    private const int Parallel = 8;
    private const int ResponseMax = 64 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_bodyTimeout = TimeSpan.FromSeconds(2);

    private readonly HttpClient _test = Client(isLive: false);
    private readonly HttpClient _live = Client(isLive: true);

    /// <summary>Tries deliveries whose time has come; returns how many.</summary>
    public async Task<int> SendDueAsync(int limit, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync((transaction, token) => FindDueAsync(transaction, limit, token), cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };

        // A shop that hears "settled" before "processing" puts a paid order on hold: one object's events reach an endpoint in the order in which they happened.
        var lines = due.GroupBy(static delivery => (delivery.EndpointId, delivery.Event.ObjectId));
        await System.Threading.Tasks.Parallel.ForEachAsync(lines, options, async (line, token) =>
        {
            foreach (var delivery in line)
                await SendAsync(delivery, token);
        });
        return due.Count;
    }

    /// <summary>What is sent of an event, in the dialect that knows its kind.</summary>
    internal static string BodyOf(string deliveryId, string endpointId, bool isRepeated, OutboxEvent told) => InvoiceEventKinds.IsOne(told.Kind)
        ? GreenfieldEvents.Body(deliveryId, endpointId, isRepeated, told)
        : StripeAnswer.Of(StatusCodes.Status200OK, writer => StripeEvents.Write(writer, told)).Body;

    public void Dispose()
    {
        _test.Dispose();
        _live.Dispose();
    }

    private async ValueTask<List<WebhookDelivery>> FindDueAsync(ISqlTransaction transaction, int limit, CancellationToken cancellationToken)
    {
        var due = await store.FindDueAsync(transaction, limit, cancellationToken);
        for (var i = 0; i < due.Count; i++)
            due[i] = due[i] with { Event = await OutboxLog.WithPreviousAsync(transaction, due[i].Event, cancellationToken) with { Pending = 1 } };
        return due;
    }

    private async Task SendAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var told = await TryAsync(delivery, cancellationToken);
        await database.WriteAsync((transaction, token) => store.NoteAsync(transaction, delivery, told, token), cancellationToken);
    }

    private async Task<WebhookOutcome> TryAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        string[] secrets;
        try
        {
            secrets = store.SecretsOf(delivery);
        }
        catch (CryptographicException)
        {
            // The seal's key is another one than at the endpoint's making: one endpoint's trouble, and its owner's to see.
            return new WebhookOutcome(false, "the signing secret cannot be opened: replace it", TimeSpan.Zero, null);
        }

        var body = BodyOf(delivery.Id, delivery.EndpointId, delivery.Tries > 0, delivery.Event);
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        if (InvoiceEventKinds.IsOne(delivery.Event.Kind))
            request.Headers.Add("BTCPay-Sig", WebhookSignature.Greenfield(secrets[0], body));
        else
            request.Headers.Add("Stripe-Signature", WebhookSignature.Header(secrets, body, clock.GetUtcNow()));
        request.Headers.UserAgent.ParseAdd("Tributary-Webhooks/1");
        using var timeout = new CancellationTokenSource(s_timeout, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var started = clock.GetTimestamp();
        try
        {
            using var response = await (delivery.Event.IsLive ? _live : _test).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token);
            var status = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return new WebhookOutcome(response.IsSuccessStatusCode, status, clock.GetElapsedTime(started), await BeginningAsync(response, clock, ended.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookOutcome(false, $"no answer within {s_timeout.TotalSeconds} s", clock.GetElapsedTime(started), null);
        }
        catch (HttpRequestException exception)
        {
            return new WebhookOutcome(false, exception.Message.Length <= 200 ? exception.Message : exception.Message[..200], clock.GetElapsedTime(started), null);
        }
    }

    // The status has decided already: what the body does is for the log alone.
    private static async Task<string?> BeginningAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_bodyTimeout, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var buffer = new byte[WebhookOutcome.FailedMax];
            await using var stream = await response.Content.ReadAsStreamAsync(ended.Token);
            return Encoding.UTF8.GetString(buffer, 0, await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ended.Token));
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    // A redirect would lead around the check of the address; a proxy too.
    private static HttpClient Client(bool isLive) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectCallback = async (context, cancellationToken) => await WebhookTargets.ConnectAsync(context.DnsEndPoint, isLive, cancellationToken),
        ConnectTimeout = s_timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        MaxResponseDrainSize = ResponseMax,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
