using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tributary.Server.Tests.Stripe;

/// <summary>Speaks Stripe's dialect over HTTP as a client without a library does.</summary>
internal sealed class StripeClient(HttpClient client, string? secret)
{
    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Reply> PostAsync(string path, string form = "", string? key = null) => SendAsync(HttpMethod.Post, path, form, key);

    /// <summary>An intent that a test card has paid.</summary>
    public async Task<string> PayAsync(long amount, string method = "pm_card_visa", string more = "") =>
        (await PostAsync("/v1/payment_intents", $"amount={amount}&currency=eur&confirm=true&payment_method={method}{more}")).Text("id");

    /// <summary>Asks until an answer has a status.</summary>
    public async Task<Reply> WaitAsync(string path, string status)
    {
        while (true)
        {
            var reply = await GetAsync(path);
            if (string.Equals(reply.Text("status"), status, StringComparison.Ordinal))
                return reply;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async Task<Reply> SendAsync(HttpMethod method, string path, string? form, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (form is not null)
            request.Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        if (secret is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var raw = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(raw);
        return new Reply(response.StatusCode, document.RootElement.Clone(), raw);
    }

    internal sealed record Reply(HttpStatusCode Status, JsonElement Body, string Raw)
    {
        public string Text(string name) => Body.GetProperty(name).GetString()!;

        public long Number(string name) => Body.GetProperty(name).GetInt64();

        public JsonElement At(params string[] path) => path.Aggregate(Body, static (at, name) => at.GetProperty(name));

        public string ErrorCode => At("error", "code").GetString()!;

        public List<string> Ids => [.. Body.GetProperty("data").EnumerateArray().Select(static item => item.GetProperty("id").GetString()!)];
    }
}
