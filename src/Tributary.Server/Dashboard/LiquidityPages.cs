using Tributary.Payments.Rails;
using Tributary.Primitives.Amounts;
using Tributary.Server.Nodes;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;

namespace Tributary.Server.Dashboard;

/// <summary>What can come in over Lightning, in plain words, and one button to make it more.</summary>
internal static class LiquidityPages
{
    // As much as a checkout of the demo shop needs many times over.
    private static readonly MilliSatoshis s_step = new(2_000_000_000);

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/liquidity", ShowAsync).Require(Permission.View);
        desk.MapPost("/liquidity/payable", ProvideAsync).Require(Permission.Liquidity);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, MerchantNode merchant, CancellationToken cancellationToken)
    {
        var channels = merchant.Opening.Current is { } hosted ? await hosted.Node.ListChannelsAsync(cancellationToken) : null;
        var ready = channels?.Where(static channel => channel.State is "open").ToList();
        return Html.Page<LiquidityPage>(
            (nameof(LiquidityPage.Scope), DashboardScope.Of(context, "liquidity")),
            (nameof(LiquidityPage.IsOpen), channels is not null),
            (nameof(LiquidityPage.Ready), ready?.Count ?? 0),
            (nameof(LiquidityPage.Receivable), ready?.Sum(static channel => channel.Receivable.Value) ?? 0),
            (nameof(LiquidityPage.Sendable), ready?.Sum(static channel => channel.Sendable.Value) ?? 0),
            (nameof(LiquidityPage.CanProvide), context.RequestServices.GetService<ILiquiditySource>() is not null));
    }

    private static async Task<IResult> ProvideAsync(HttpContext context, MerchantNode merchant, CancellationToken cancellationToken)
    {
        if (context.RequestServices.GetService<ILiquiditySource>() is not { } source)
            return TypedResults.NotFound();
        var channels = merchant.Opening.Current is { } hosted ? await hosted.Node.ListChannelsAsync(cancellationToken) : [];
        await source.ProvideAsync(new MilliSatoshis(checked(channels.Select(static channel => channel.Receivable.Value).DefaultIfEmpty(0).Max() + s_step.Value)), cancellationToken);
        return TypedResults.Redirect("/dashboard/liquidity");
    }
}
