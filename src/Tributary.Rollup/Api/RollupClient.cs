using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Api;

/// <summary>Asks a rollup's operator. What it says is its word alone; a verifier checks it (docs/trust.md).</summary>
/// <param name="http">The caller's. It bounds time and length of an answer.</param>
/// <param name="address">The operator's address.</param>
public sealed class RollupClient(HttpClient http, Uri address) : IRollupOperator
{
    /// <summary>The longest answer but for proofs.</summary>
    public const int AnswerLengthMax = 4 << 20;

    /// <summary>Where the operator is.</summary>
    public Uri Address => address;

    /// <inheritdoc/>
    public string Name => address.ToString();

    /// <summary>A client for one command.</summary>
    public static HttpClient CreateHttp() => new() { Timeout = TimeSpan.FromSeconds(60), MaxResponseContentBufferSize = AnswerLengthMax };

    /// <summary>The rollup and how far it is.</summary>
    public Task<Result<RollupView, Refusal>> DescribeAsync(CancellationToken cancellationToken) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, At("rollup")), ApiJson.Default.RollupView, cancellationToken);

    /// <summary>Hands in an operation with its signature.</summary>
    public Task<Result<ReceiptView, Refusal>> SubmitAsync(ReadOnlyMemory<byte> operation, CancellationToken cancellationToken)
    {
        var content = new ReadOnlyMemoryContent(operation);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return AskAsync(new HttpRequestMessage(HttpMethod.Post, At("operations")) { Content = content }, ApiJson.Default.ReceiptView, cancellationToken);
    }

    /// <summary>Asks for an account.</summary>
    public Task<Result<RegistrationView, Refusal>> RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken) => AskAsync(
        new HttpRequestMessage(HttpMethod.Post, At("accounts")) { Content = JsonContent.Create(request, ApiJson.Default.RegistrationRequest) },
        ApiJson.Default.RegistrationView,
        cancellationToken);

    /// <summary>An account.</summary>
    public Task<Result<AccountView, Refusal>> FindAccountAsync(uint account, CancellationToken cancellationToken) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, At($"accounts/{account}")), ApiJson.Default.AccountView, cancellationToken);

    /// <summary>What has become of an operation.</summary>
    public Task<Result<OperationView, Refusal>> FindOperationAsync(Bytes32 operation, CancellationToken cancellationToken) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, At($"operations/{operation}")), ApiJson.Default.OperationView, cancellationToken);

    /// <summary>Batches after one.</summary>
    public Task<Result<BatchesView, Refusal>> ListBatchesAsync(ulong after, CancellationToken cancellationToken) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, At($"batches?after={after}")), ApiJson.Default.BatchesView, cancellationToken);

    /// <summary>What the operator offers to exchange, and for how much.</summary>
    public Task<Result<SwapOfferView, Refusal>> DescribeSwapsAsync(CancellationToken cancellationToken) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, At("swaps")), ApiJson.Default.SwapOfferView, cancellationToken);

    /// <summary>Asks for a swap; the same request again gets the same terms.</summary>
    public Task<Result<SwapTermsView, Refusal>> AskForSwapAsync(SwapRequest request, CancellationToken cancellationToken) => AskAsync(
        new HttpRequestMessage(HttpMethod.Post, At("swaps")) { Content = JsonContent.Create(request, ApiJson.Default.SwapRequest) },
        ApiJson.Default.SwapTermsView,
        cancellationToken);

    /// <summary>How far the operator is with a swap.</summary>
    public Task<Result<SwapProgressView, Refusal>> FindSwapAsync(Bytes32 hash, CancellationToken cancellationToken) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, At($"swaps/{hash}")), ApiJson.Default.SwapProgressView, cancellationToken);

    /// <summary>Gives up a swap in which nothing is locked: the preimage shows that it is the client who asks.</summary>
    public Task<Result<SwapProgressView, Refusal>> CancelSwapAsync(Bytes32 hash, Bytes32 preimage, CancellationToken cancellationToken) => AskAsync(
        new HttpRequestMessage(HttpMethod.Post, At($"swaps/{hash}/cancel")) { Content = JsonContent.Create(new SwapCancellation(preimage.ToString()), ApiJson.Default.SwapCancellation) },
        ApiJson.Default.SwapProgressView,
        cancellationToken);

    private Uri At(string path) => new(address, $"/v1/{path}");

    private async Task<Result<T, Refusal>> AskAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using (request)
        {
            try
            {
                using var answer = await http.SendAsync(request, cancellationToken);
                var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                if (answer.IsSuccessStatusCode && JsonSerializer.Deserialize(bytes, type) is { } view)
                    return view;
                if (answer.StatusCode >= HttpStatusCode.BadRequest && JsonSerializer.Deserialize(bytes, ApiJson.Default.ErrorDocument)?.Error is { } error)
                    return new Refusal(error.Field, error.Reason);
                return new Refusal("--rollup", $"{address} answers {(int)answer.StatusCode}, which no rollup's operator does");
            }
            catch (JsonException)
            {
                return new Refusal("--rollup", $"{address} answers what no rollup's operator does");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return new Refusal("--rollup", $"{address} does not answer: {exception.Message}");
            }
        }
    }
}
