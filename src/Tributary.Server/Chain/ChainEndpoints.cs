using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Server.Pages;
using Tributary.Server.Web;

namespace Tributary.Server.Chain;

/// <summary>The chain's page, its live signal, and mining where the chain is the embedded one.</summary>
internal static class ChainEndpoints
{
    /// <summary>Blocks that one request may mine.</summary>
    internal const int BlocksMinedMax = 1000;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", static (IChainSource source) => new RazorComponentResult<StartPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(StartPage.Network)] = source.Network.Name })).WithMetadata(RouteAccess.Public);
        routes.MapGet("/chain", Show).WithMetadata(RouteAccess.Public);
        routes.MapGet("/events/chain", Live).WithMetadata(RouteAccess.Public);
        routes.MapPost("/chain/mine", MineAsync).DisableAntiforgery().WithMetadata(RouteAccess.Public);
    }

    private static RazorComponentResult<ChainPage> Show(ChainWatch watch, IChainSource source) => Page(watch, source, problem: null);

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
        [FromForm] string? count, [FromForm] string? payTo, ChainWatch watch, IChainSource source, CancellationToken cancellationToken)
    {
        if (source is not EmbeddedChain chain)
            return Page(watch, source, "Only the embedded chain can be told to mine.");
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var blocks) || blocks is < 1 or > BlocksMinedMax)
            return Page(watch, source, $"Blocks: a whole number from 1 to {BlocksMinedMax}.");

        var script = ChainSources.Nobody;
        if (!string.IsNullOrWhiteSpace(payTo))
        {
            if (!Address.Parse(payTo.Trim(), chain.Network).TryGet(out var address, out var refusal))
                return Page(watch, source, $"Address: {refusal.Reason}.");
            script = address.ScriptPubKey;
        }

        var mined = await chain.MineAsync(blocks, script, cancellationToken);
        return mined.TryGet(out _, out var error) ? TypedResults.Redirect("/chain") : Page(watch, source, error.Reason);
    }

    private static RazorComponentResult<ChainPage> Page(ChainWatch watch, IChainSource source, string? problem) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ChainPage.Network)] = source.Network.Name,
            [nameof(ChainPage.View)] = watch.View,
            [nameof(ChainPage.CanMine)] = source is EmbeddedChain,
            [nameof(ChainPage.Problem)] = problem,
        })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
}
