using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Api;
using Tributary.Rollup.Serving;

namespace Tributary.Cli.Rollup.Serving;

/// <summary>Proofs for whoever asks: read only, by the claim that they show.</summary>
internal static class ProofEndpoints
{
    private const int PageMax = 1_000;

    internal static void Map(WebApplication app, ProofStore store)
    {
        app.MapGet("/v1/proofs", context =>
        {
            Bytes32? after = Bytes32.TryParse(context.Request.Query["after"].ToString(), out var claim) ? claim : null;
            var limit = int.TryParse(context.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, PageMax) : 100;
            return Answer.WriteAsync(context, new ProofsView(store.Count, [.. store.List(after, limit).Select(static one => one.ToString())]), ApiJson.Default.ProofsView);
        });
        app.MapGet("/v1/proofs/{claim}", async context =>
        {
            if (!Bytes32.TryParse(context.Request.RouteValues["claim"] as string ?? "", out var claim))
            {
                await Answer.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, new("claim", "is 64 hex digits: the digest of a segment's statement"));
                return;
            }

            if (store.Find(claim) is not { } proof)
            {
                await Answer.NotFoundAsync(context, "claim", $"{claim} has no proof here yet");
                return;
            }

            context.Response.ContentType = "application/octet-stream";
            context.Response.ContentLength = proof.Length;
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            await context.Response.Body.WriteAsync(proof, context.RequestAborted);
        });
    }
}
