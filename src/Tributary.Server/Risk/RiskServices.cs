using Tributary.Payments.Risk;

namespace Tributary.Server.Risk;

/// <summary>The decision engine behind the payment core's gate.</summary>
internal static class RiskServices
{
    /// <summary>Call it after the payment core was added: its gate replaces the plain one.</summary>
    public static void AddRisk(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(provider => new RiskService(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RiskService>>()));
        services.AddSingleton<IRiskGate>(static provider => provider.GetRequiredService<RiskService>());
        services.AddHostedService(static provider => provider.GetRequiredService<RiskService>());
        services.AddSingleton<RiskLists>();
        services.AddHostedService(static provider => provider.GetRequiredService<RiskLists>());
        services.AddHostedService<RiskLabels>();
    }
}
