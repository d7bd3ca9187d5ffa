using Tributary.Bitcoin.Wallets;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Payments.Rails.Bitcoin.Signing;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Rails.Lightning;
using Tributary.Server.Modes;
using Tributary.Server.Nodes;
using Tributary.Storage.Relational;

namespace Tributary.Server.Payments;

/// <summary>The rails of the server.</summary>
internal static class RailServices
{
    public static void AddRails(this IServiceCollection services, ModeHalf half)
    {
        var options = half.Options;
        if (!half.IsLive)
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
        services.AddSingleton(provider => options.OnChainDescriptor is null
            ? new ReceivingWallet(provider.GetRequiredService<Opening<Wallet>>(), IsWatchOnly: false)
            : new ReceivingWallet(provider.GetRequiredService<WatchedWallet>().Opening, IsWatchOnly: true));
        services.AddSingleton<OnChainRail>();
        services.AddSingleton(provider => new OnChainPayer(
            provider.GetRequiredService<Opening<Wallet>>(),
            provider.GetRequiredService<IDatabase>(),
            options.Network,
            provider.GetRequiredService<OnChainRailOptions>(),
            provider.GetRequiredService<TimeProvider>()));

        if (options.OnChainDescriptor is not null)
        {
            services.AddSingleton(provider => new WatchedPayer(
                provider.GetRequiredService<OnChainPayer>(),
                provider.GetRequiredService<Opening<Wallet>>(),
                provider.GetRequiredService<WatchedWallet>().Opening,
                provider.GetRequiredService<IDatabase>(),
                provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<SigningDesk>();
        }

        // The card rail knows test cards alone: it is no rail for live money.
        services.AddSingleton<IReadOnlyList<IPaymentRail>>(static provider =>
        [
            provider.GetRequiredService<LightningRail>(),
            provider.GetRequiredService<OnChainRail>(),
            .. CardsOf<IPaymentRail>(provider),
        ]);
        services.AddSingleton<IReadOnlyList<IOutgoingRail>>(static provider =>
        [
            provider.GetRequiredService<LightningPayer>(),
            provider.GetService<WatchedPayer>() is { } elsewhere ? elsewhere : provider.GetRequiredService<OnChainPayer>(),
            .. CardsOf<IOutgoingRail>(provider),
        ]);
    }

    private static T[] CardsOf<T>(IServiceProvider provider) => provider.GetService<CardRail>() is T cards ? [cards] : [];
}
