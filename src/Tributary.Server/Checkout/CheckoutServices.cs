using Tributary.Payments.Checkout;
using Tributary.Payments.Reporting;
using Tributary.Server.Stripe;
using Tributary.Server.Web;

namespace Tributary.Server.Checkout;

/// <summary>Checkout in the server: sessions, links, and the pages that shoppers pay on.</summary>
internal static class CheckoutServices
{
    public static void AddCheckout(this IServiceCollection services)
    {
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<CheckoutService>();
        services.AddSingleton<CheckoutFollower>();
        services.AddSingleton<DailyTotals>();
        services.AddSingleton<DailyOutcomes>();
        services.AddSingleton<PaymentLinkStore>();
        services.AddSingleton<WriteSignal>();
        services.AddSingleton<IntentWatch>();
        services.AddHostedService(static services => services.GetRequiredService<IntentWatch>());
        services.AddSingleton<CheckoutOffers>();
        services.AddSingleton<ShopperClues>();
        services.AddSingleton<CheckoutPlaces>();
        services.AddSingleton<CheckoutPages>();
        services.AddSingleton<CheckoutHandlers>();
        services.AddSingleton<PaymentLinkHandlers>();
    }
}
