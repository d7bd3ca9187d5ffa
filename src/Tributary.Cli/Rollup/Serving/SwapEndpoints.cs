using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Api;
using Tributary.Rollup.Swaps.Providing;

namespace Tributary.Cli.Rollup.Serving;

/// <summary>What an operator that offers swaps serves; one that does not says so.</summary>
internal static class SwapEndpoints
{
    private const int BytesMax = 1_024;

    private static readonly SwapOfferView s_none = new(false, 0, 0, 0, 0, 0, 0, 0, [], 0, "this operator offers no swaps ('rollup run --swaps')");

    internal static void Map(WebApplication app, SwapProvider? provider)
    {
        var json = ApiJson.Default;
        app.MapGet("/v1/swaps", context => Answer.WriteAsync(context, provider?.Describe() ?? s_none, json.SwapOfferView));
        app.MapPost("/v1/swaps", async context =>
        {
            if (await ReadAsync(context, json.SwapRequest) is not { } request)
                return;
            if (provider is null)
                await Answer.NotFoundAsync(context, "swaps", s_none.Problem!);
            else
                await Answer.WriteAsync(context, await provider.AgreeAsync(request, context.RequestAborted), json.SwapTermsView);
        });
        app.MapGet("/v1/swaps/{hash}", context => Hash(context) is { } hash && provider?.Find(hash) is { } progress
            ? Answer.WriteAsync(context, progress, json.SwapProgressView)
            : Answer.NotFoundAsync(context, "swap", "is none that was agreed on here"));
        app.MapPost("/v1/swaps/{hash}/cancel", async context =>
        {
            if (await ReadAsync(context, json.SwapCancellation) is not { } cancellation)
                return;
            if (provider is null || Hash(context) is not { } hash)
                await Answer.NotFoundAsync(context, "swap", "is none that was agreed on here");
            else if (!Bytes32.TryParse(cancellation.Preimage ?? "", out var preimage))
                await Answer.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, new("preimage", "is 64 hex digits"));
            else
                await Answer.WriteAsync(context, await provider.CancelAsync(hash, preimage, context.RequestAborted), json.SwapProgressView);
        });
    }

    private static Bytes32? Hash(HttpContext context) => Bytes32.TryParse(context.Request.RouteValues["hash"] as string ?? "", out var hash) ? hash : null;

    private static async Task<T?> ReadAsync<T>(HttpContext context, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (await Answer.ReadBodyAsync(context, BytesMax) is not { } body)
            return null;
        try
        {
            if (JsonSerializer.Deserialize(body, type) is { } read)
                return read;
        }
        catch (JsonException)
        {
            // Answered below.
        }

        await Answer.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, new("body", "is not the JSON that docs/rollup/running.md names"));
        return null;
    }
}
