using Tributary.Payments.Lnurl;
using Tributary.Payments.Rails.Lightning;

namespace Tributary.Server.Lnurl;

/// <summary>What LNURL needs.</summary>
internal static class LnurlServices
{
    public static void AddLnurl(this IServiceCollection services)
    {
        services.AddSingleton<ILightningReceiver>(static provider => provider.GetRequiredService<LightningRail>());
        services.AddSingleton<LightningNames>();
        services.AddSingleton<LnurlPayService>();
        services.AddSingleton<LnurlLimits>();
        services.AddSingleton<LnurlQuotes>();
        services.AddSingleton<LnurlPlaces>();
    }
}
