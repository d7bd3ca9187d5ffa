using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Tributary.Payments.Invoices;
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

    private readonly HttpClient _test = Client(isLive: false);
    private readonly HttpClient _live = Client(isLive: true);

    /// <summary>Tries deliveries whose time has come; returns how many.</summary>
    public async Task<int> SendDueAsync(int limit, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync((transaction, token) => store.FindDueAsync(transaction, limit, token), cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };
        await System.Threading.Tasks.Parallel.ForEachAsync(due, options, async (delivery, token) => await SendAsync(delivery, token));
        return due.Count;
    }

    public void Dispose()
    {
        _test.Dispose();
        _live.Dispose();
    }

    private async Task SendAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var (isTaken, outcome) = await TryAsync(delivery, cancellationToken);
        await database.WriteAsync((transaction, token) => store.NoteAsync(transaction, delivery, isTaken, outcome, token), cancellationToken);
    }

    private async Task<(bool IsTaken, string Outcome)> TryAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        string secret;
        try
        {
            secret = store.SecretOf(delivery);
        }
        catch (CryptographicException)
        {
            // The seal's key is another one than at the endpoint's making: one endpoint's trouble, and its owner's to see.
            return (false, "the signing secret cannot be opened: make the endpoint anew");
        }

        var isGreenfield = InvoiceEventKinds.IsOne(delivery.Event.Kind);
        var body = isGreenfield
            ? GreenfieldEvents.Body(delivery.Id, delivery.EndpointId, delivery.Tries > 0, delivery.Event)
            : StripeAnswer.Of(StatusCodes.Status200OK, writer => StripeEvents.Write(writer, delivery.Event)).Body;
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        if (isGreenfield)
            request.Headers.Add("BTCPay-Sig", WebhookSignature.Greenfield(secret, body));
        else
            request.Headers.Add("Stripe-Signature", WebhookSignature.Header(secret, body, clock.GetUtcNow()));
        request.Headers.UserAgent.ParseAdd("Tributary-Webhooks/1");
        using var timeout = new CancellationTokenSource(s_timeout, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await (delivery.Event.IsLive ? _live : _test).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token);
            return (response.IsSuccessStatusCode, ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, $"no answer within {s_timeout.TotalSeconds} s");
        }
        catch (HttpRequestException exception)
        {
            return (false, exception.Message.Length <= 200 ? exception.Message : exception.Message[..200]);
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
