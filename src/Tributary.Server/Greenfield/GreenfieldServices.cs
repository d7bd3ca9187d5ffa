using Tributary.Payments.Invoices;
using Tributary.Payments.Storage;
using Tributary.Payments.Stores;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Document;
using Tributary.Server.Greenfield.Invoices;
using Tributary.Server.Greenfield.Keys;
using Tributary.Server.Greenfield.LightningNames;
using Tributary.Server.Greenfield.LightningNodes;
using Tributary.Server.Greenfield.Payouts;
using Tributary.Server.Greenfield.PullPayments;
using Tributary.Server.Greenfield.Refunds;
using Tributary.Server.Greenfield.Server;
using Tributary.Server.Greenfield.Stores;
using Tributary.Server.Greenfield.Users;
using Tributary.Server.Greenfield.Webhooks;

namespace Tributary.Server.Greenfield;

/// <summary>The Greenfield dialect in the server.</summary>
internal static class GreenfieldServices
{
    public static void AddGreenfield(this IServiceCollection services, bool isLive)
    {
        services.AddSingleton<GreenfieldUsers>();
        services.AddSingleton<GreenfieldKeyStore>();
        services.AddSingleton<GreenfieldAuthentication>();
        services.AddSingleton<ServerInfoHandlers>();
        services.AddSingleton<GreenfieldDocument>();
        services.AddSingleton<KeyHandlers>();
        services.AddSingleton<StoreRecords>();
        services.AddSingleton<StoreHandlers>();
        services.AddSingleton<RateHandlers>();
        services.AddSingleton<MethodHandlers>();
        services.AddSingleton<InvoiceStore>();
        services.AddSingleton<IPaymentObserver, InvoiceFollower>();
        services.AddSingleton<InvoiceService>();
        services.AddSingleton<InvoiceHandlers>();
        services.AddSingleton<WebhookHandlers>();
        services.AddSingleton<NodeHandlers>();
        services.AddSingleton<NodePaymentHandlers>();
        services.AddSingleton<StoreLightningHandlers>();
        services.AddSingleton<PullPaymentHandlers>();
        services.AddSingleton<StorePayoutHandlers>();
        services.AddSingleton<RefundHandlers>();
        services.AddSingleton<NameHandlers>();
        services.AddSingleton<ProcessorHandlers>();

        services.AddSingleton<OwnUserHandlers>();
        if (isLive)
            return;

        // Users are the team, which the test half has. These use Identity, which lives as long as a request.
        services.AddScoped<UserHandlers>();
        services.AddScoped<StoreUserHandlers>();
    }
}
