using Tributary.Bitcoin.Wallets;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Rails.Lightning;
using Tributary.Storage.Relational;

namespace Tributary.Server.Payments;

/// <summary>The rails of the server.</summary>
internal static class RailServices
{
    public static void AddRails(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<CardRail>();
        services.AddSingleton(new LightningRailOptions());
        services.AddSingleton(static provider => new LightningRail(
            provider.GetRequiredService<Opening<LightningBackend>>(),
            provider.GetRequiredService<IDatabase>(),
            provider.GetRequiredService<LightningRailOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILiquiditySource>()));
        services.AddSingleton(provider => new LightningPayer(
            provider.GetRequiredService<Opening<LightningBackend>>(),
            provider.GetRequiredService<IDatabase>(),
            options.Network,
            provider.GetRequiredService<LightningRailOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new OnChainRailOptions());
        services.AddSingleton<OnChainRail>();
        services.AddSingleton(provider => new OnChainPayer(
            provider.GetRequiredService<Opening<Wallet>>(),
            provider.GetRequiredService<IDatabase>(),
            options.Network,
            provider.GetRequiredService<OnChainRailOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IReadOnlyList<IPaymentRail>>(static provider =>
        [
            provider.GetRequiredService<LightningRail>(),
            provider.GetRequiredService<OnChainRail>(),
            provider.GetRequiredService<CardRail>(),
        ]);
        services.AddSingleton<IReadOnlyList<IOutgoingRail>>(static provider =>
        [
            provider.GetRequiredService<LightningPayer>(),
            provider.GetRequiredService<OnChainPayer>(),
            provider.GetRequiredService<CardRail>(),
        ]);
    }
}
