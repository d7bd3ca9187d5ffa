using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Greenfield.LightningNodes;
using Tributary.Server.Greenfield.Payouts;
using Tributary.Server.Greenfield.PullPayments;
using Tributary.Server.Greenfield.Server;

namespace Tributary.Server.Greenfield;

/// <summary>The routes of BTCPay's Greenfield dialect, below <c>/api/v1</c>; each part registers its own.</summary>
internal static class GreenfieldEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var routes = new GreenfieldRoutes(app);
        routes.Get<ServerInfoHandlers>("/server/info", GreenfieldRule.AnyKey("ApplicationServerInfoData", "What the server is"), static (handlers, call, token) => handlers.InfoAsync(call, token));
        routes.Get<ServerInfoHandlers>("/health", GreenfieldRule.Public("ApplicationHealthData", "Whether the chain is followed"), static (handlers, call, token) => handlers.HealthAsync(call, token));
        LightningRoutes.Map(routes);
        PullPaymentRoutes.Map(routes);
        StorePayoutRoutes.Map(routes);
        routes.MapRest();
    }
}
