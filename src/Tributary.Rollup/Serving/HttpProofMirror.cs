using System.Net;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Serving;

/// <summary>The proofs of an operator or of anybody who serves them: <c>GET /v1/proofs/CLAIM</c>.</summary>
/// <param name="http">The caller's; its timeout bounds an answer.</param>
/// <param name="address">The server's address.</param>
public sealed class HttpProofMirror(HttpClient http, Uri address) : IProofSource
{
    /// <inheritdoc/>
    public string Name => address.ToString();

    /// <inheritdoc/>
    public async ValueTask<Result<ReadOnlyMemory<byte>, Refusal>> FindAsync(Bytes32 claim, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address, $"/v1/proofs/{claim}"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return ReadOnlyMemory<byte>.Empty;
            if (!answer.IsSuccessStatusCode)
                return new Refusal("--proofs", $"{address} answers {(int)answer.StatusCode} to a request for a proof");
            return await ReadAsync(answer.Content, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Refusal("--proofs", $"{address} does not answer: {exception.Message}");
        }
    }

    // As much memory as came, and no more than a proof may take.
    private async Task<Result<ReadOnlyMemory<byte>, Refusal>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > ProofStore.ProofLengthMax)
                return new Refusal("--proofs", $"{address} sends more than the {ProofStore.ProofLengthMax} bytes that a proof may have");
            bytes.Write(buffer, 0, read);
        }

        return (ReadOnlyMemory<byte>)bytes.ToArray();
    }
}
