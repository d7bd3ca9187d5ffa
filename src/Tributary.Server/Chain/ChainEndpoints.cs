using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tributary.Bitcoin.Chain;
using Tributary.Server.Pages;

namespace Tributary.Server.Chain;

/// <summary>The chain's page, its live signal, and mining where the chain is the embedded one.</summary>
internal static class ChainEndpoints
{
    /// <summary>Blocks that one request may mine.</summary>
    internal const int BlocksMinedMax = 1000;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Show);
        routes.MapGet("/events/chain", Live);
        routes.MapPost("/chain/mine", MineAsync).DisableAntiforgery();
    }

    private static RazorComponentResult<ChainPage> Show(ChainWatch watch, IChainSource source, [FromServices] IBlockMaker? maker = null) =>
        Page(watch, source, maker, problem: null);

    private static ServerSentEventsResult<long> Live(ChainWatch watch, IHostApplicationLifetime lifetime, CancellationToken cancellationToken) =>
        TypedResults.ServerSentEvents(TipsAsync(watch, lifetime, cancellationToken));

    private static async IAsyncEnumerable<SseItem<long>> TipsAsync(
        ChainWatch watch, IHostApplicationLifetime lifetime, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await foreach (var version in watch.ChangesAsync(either.Token))
            yield return new SseItem<long>(version, "tip");
    }

    private static async Task<Results<RedirectHttpResult, RazorComponentResult<ChainPage>>> MineAsync(
        [FromForm] string? count, ChainWatch watch, IChainSource source, CancellationToken cancellationToken, [FromServices] IBlockMaker? maker = null)
    {
        if (maker is null)
            return Page(watch, source, maker, "Only the embedded chain can be told to mine.");
        if (!int.TryParse(count, out var blocks) || blocks is < 1 or > BlocksMinedMax)
            return Page(watch, source, maker, $"Blocks to mine: a whole number from 1 to {BlocksMinedMax}.");

        var mined = await maker.MineAsync(blocks, cancellationToken);
        return mined.TryGet(out _, out var refusal) ? TypedResults.Redirect("/") : Page(watch, source, maker, refusal.Reason);
    }

    private static RazorComponentResult<ChainPage> Page(ChainWatch watch, IChainSource source, IBlockMaker? maker, string? problem) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ChainPage.Network)] = source.Network.Name,
            [nameof(ChainPage.View)] = watch.View,
            [nameof(ChainPage.CanMine)] = maker is not null,
            [nameof(ChainPage.Problem)] = problem,
        })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
}
