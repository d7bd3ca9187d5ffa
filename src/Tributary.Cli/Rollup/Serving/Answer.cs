using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;

namespace Tributary.Cli.Rollup.Serving;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    internal static Task WriteAsync<T>(HttpContext context, T view, JsonTypeInfo<T> type) => context.Response.WriteAsJsonAsync(view, type, cancellationToken: context.RequestAborted);

    internal static Task WriteAsync<T>(HttpContext context, Result<T, Refusal> result, JsonTypeInfo<T> type)
        where T : notnull
    {
        if (result.TryGet(out var view, out var refusal))
            return WriteAsync(context, view, type);

        // What is refused for a moment may be asked again; what is wrong stays wrong.
        return RefuseAsync(context, refusal.Field is "sequencer" or "rollup" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status422UnprocessableEntity, refusal);
    }

    internal static Task RefuseAsync(HttpContext context, int status, Refusal refusal)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new ErrorDocument(new ErrorView(refusal.Field, refusal.Reason)), ApiJson.Default.ErrorDocument);
    }

    internal static Task NotFoundAsync(HttpContext context, string field, string reason) => RefuseAsync(context, StatusCodes.Status404NotFound, new Refusal(field, reason));

    /// <summary>Reads a body up to a bound; null where it is longer, and then the answer is written.</summary>
    internal static async Task<byte[]?> ReadBodyAsync(HttpContext context, int lengthMax)
    {
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            if (body.Length + read > lengthMax)
            {
                await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, new Refusal("body", $"is longer than {lengthMax} bytes"));
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
