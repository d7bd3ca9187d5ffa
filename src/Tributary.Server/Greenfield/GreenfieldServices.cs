using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.LightningNodes;
using Tributary.Server.Greenfield.Payouts;
using Tributary.Server.Greenfield.PullPayments;
using Tributary.Server.Greenfield.Server;

namespace Tributary.Server.Greenfield;

/// <summary>The Greenfield dialect in the server.</summary>
internal static class GreenfieldServices
{
    public static void AddGreenfield(this IServiceCollection services)
    {
        services.AddSingleton<GreenfieldUsers>();
        services.AddSingleton<GreenfieldKeyStore>();
        services.AddSingleton<GreenfieldAuthentication>();
        services.AddSingleton<ServerInfoHandlers>();
        services.AddSingleton<NodeHandlers>();
        services.AddSingleton<NodePaymentHandlers>();
        services.AddSingleton<StoreLightningHandlers>();
        services.AddSingleton<PullPaymentHandlers>();
        services.AddSingleton<StorePayoutHandlers>();
    }
}
