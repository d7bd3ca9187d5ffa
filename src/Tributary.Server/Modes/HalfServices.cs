using Tributary.Server.Chain;
using Tributary.Server.Demo;
using Tributary.Server.Greenfield;
using Tributary.Server.Health;
using Tributary.Server.Mail;
using Tributary.Server.Nodes;
using Tributary.Server.Payments;
using Tributary.Server.Risk;

namespace Tributary.Server.Modes;

/// <summary>The services of one half: chain, node, wallet, rails, ledger, reconciliation, risk, and what runs in the background for them.</summary>
internal static class HalfServices
{
    public static void AddHalf(this IServiceCollection services, ModeHalf half, bool hasLive)
    {
        services.AddSingleton(new HalfMode(half.IsLive, hasLive));
        services.AddSingleton(half.Options);
        services.AddSingleton(half.Place);
        // By factories, so that the container disposes of them when the server stops.
        services.AddSingleton(_ => half.Chain);
        services.AddSingleton<ChainWatch>();
        services.AddHostedService(static provider => provider.GetRequiredService<ChainWatch>());
        services.AddMerchantNode(half.Options);
        if (!half.IsLive)
            services.AddDemoWallet(half.Options);
        services.AddPayments(half);
        services.AddGreenfield(half.IsLive);
        services.AddSingleton<HealthProbe>();
        if (half.Restored is { } restored)
            services.AddSingleton(restored);
        services.AddRisk(half.Options);
        services.AddMail();
    }
}
