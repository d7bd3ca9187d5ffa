using Tributary.Bitcoin.Wallets;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Lightning;

namespace Tributary.Server.Nodes;

/// <summary>The merchant's node in the server.</summary>
internal static class NodeServices
{
    public static void AddMerchantNode(this IServiceCollection services)
    {
        services.AddSingleton<Opening<LightningBackend>>();
        services.AddSingleton<Opening<Wallet>>();
        services.AddSingleton<MerchantNode>();
        services.AddHostedService(static provider => provider.GetRequiredService<MerchantNode>());
    }
}
