using Tributary.Payments;
using Tributary.Payments.Access;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Payments.Webhooks;
using Tributary.Server.Stripe;
using Tributary.Server.Webhooks;
using Tributary.Storage.Relational;

namespace Tributary.Server.Payments;

/// <summary>The payment core in the server.</summary>
internal static class PaymentServices
{
    public static void AddPayments(this IServiceCollection services, IDatabase database, ObjectIds ids, SecretBox box, TestAccess access)
    {
        // By a factory, so that the container disposes of the database when the server stops.
        services.AddSingleton(_ => database);
        services.AddSingleton(_ => box);
        services.AddSingleton(ids);
        services.AddSingleton(access);
        services.AddSingleton<IReadOnlyList<IPaymentRail>>(static provider => [new CardRail(provider.GetRequiredService<TimeProvider>())]);
        services.AddSingleton<IPriceSource>(static provider => new FixedPriceSource([], provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Quoter>();
        services.AddSingleton<PaymentStore>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton(new PaymentOptions());
        services.AddSingleton<IRiskGate, PlainRiskGate>();
        services.AddSingleton<PaymentService>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<IntentHandlers>();
        services.AddSingleton<EventHandlers>();
        services.AddSingleton<ReviewHandlers>();
        services.AddSingleton<WebhookEndpointHandlers>();
        services.AddHostedService<PaymentWorker>();
    }
}
