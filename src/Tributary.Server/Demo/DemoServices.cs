using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Payments.Rails;

namespace Tributary.Server.Demo;

/// <summary>The demo wallet in the server: on regtest, and nowhere else.</summary>
internal static class DemoServices
{
    private static readonly TimeSpan s_rpcTimeout = TimeSpan.FromMinutes(2);

    public static void AddDemoWallet(this IServiceCollection services, ServerOptions options)
    {
        if (options.Network != BitcoinNetwork.Regtest)
            return;
        services.AddSingleton<IMiner>(provider => MinerFor(options, provider.GetRequiredService<IChainSource>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DemoWallet>();
        services.AddSingleton<IDemoWallet>(static provider => provider.GetRequiredService<DemoWallet>());
        services.AddSingleton<Shopper>();
        services.AddSingleton<TestHelperHandlers>();
        services.AddSingleton<ILiquiditySource>(static provider => provider.GetRequiredService<DemoWallet>());
        services.AddHostedService(static provider => provider.GetRequiredService<DemoWallet>());
    }

    private static IMiner MinerFor(ServerOptions options, IChainSource chain, TimeProvider clock)
    {
        if (chain is EmbeddedChain embedded)
            return new EmbeddedMiner(embedded);
        var credentials = options.BitcoindCookieFile is { } cookie ? BitcoindCredentials.FromCookieFile(cookie) : BitcoindCredentials.FromEnvironment(Environment.GetEnvironmentVariable);
        return new BitcoindMiner(new BitcoindRpcClient(options.BitcoindUrl!, credentials!, RetryBounds.Default, s_rpcTimeout, clock));
    }
}
