using Tributary.Bitcoin.Wallets;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Lightning;

namespace Tributary.Server.Nodes;

/// <summary>The merchant's node in the server.</summary>
internal static class NodeServices
{
    public static void AddMerchantNode(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<Opening<LightningBackend>>();
        services.AddSingleton<Opening<Wallet>>();
        services.AddSingleton<MerchantNode>();
        services.AddHostedService(static provider => provider.GetRequiredService<MerchantNode>());
        if (options.OnChainDescriptor is null)
            return;
        services.AddSingleton<WatchedWallet>();
        services.AddHostedService(static provider => provider.GetRequiredService<WatchedWallet>());
    }
}
