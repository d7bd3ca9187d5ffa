using Tributary.Bitcoin.Networks;
using Tributary.Payments;
using Tributary.Payments.Access;
using Tributary.Payments.Customers;
using Tributary.Payments.Disputes;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Payouts;
using Tributary.Payments.PullPayments;
using Tributary.Payments.Quotes;
using Tributary.Payments.Reconciliation;
using Tributary.Payments.Refunds;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Payments.Webhooks;
using Tributary.Server.Checkout;
using Tributary.Server.Dashboard;
using Tributary.Server.Lnurl;
using Tributary.Server.Modes;
using Tributary.Server.Stripe;
using Tributary.Server.Telemetry;
using Tributary.Server.Webhooks;
using Tributary.Storage.Relational;

namespace Tributary.Server.Payments;

/// <summary>The payment core in the server.</summary>
internal static class PaymentServices
{
    public static void AddPayments(this IServiceCollection services, ModeHalf half)
    {
        // By a factory, so that the container disposes of the database when the server stops.
        services.AddSingleton<IDatabase>(provider => new ObservedDatabase(new MeasuredDatabase(half.Database, provider.GetRequiredService<ServerMeters>()), provider.GetRequiredService<WriteSignal>()));
        services.AddSingleton(_ => half.Box);
        services.AddSingleton(half.Ids);
        services.AddSingleton(new TestAccess(half.IsLive ? "" : half.SecretKey ?? "")
        {
            GreenfieldKey = half.IsLive ? null : half.GreenfieldKey,
            ShopKey = half.ShopKey,
            StoreId = PaymentStart.FirstStore,
        });
        services.AddRails(half);
        services.AddSingleton(half.Prices);
        services.AddSingleton(half.Prices.Source);
        services.AddHostedService<PriceWorker>();
        services.AddSingleton<Quoter>();
        services.AddSingleton<PaymentStore>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton(new PaymentOptions { IsBitcoinLive = half.IsLive || half.Options.Network == BitcoinNetwork.Mainnet });
        services.AddSingleton<WorkSignal>();
        services.AddSingleton<IRiskGate, PlainRiskGate>();
        services.AddSingleton<ReviewBook>();
        services.AddSingleton<PaymentService>();
        services.AddCheckout();
        services.AddSingleton<OutgoingSwitch>();
        services.AddSingleton<ActivityLog>();
        services.AddSingleton<Reconciler>();
        services.AddHostedService<ReconciliationWorker>();
        services.AddOutgoing();
        services.AddLnurl();
        services.AddPullPayments(half.Options);
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<DisputeStore>();
        services.AddSingleton<DisputeService>();
        services.AddSingleton<ApiKeyStore>();
        services.AddStripe();
        services.AddHostedService<PaymentWorker>();
    }

    private static void AddStripe(this IServiceCollection services)
    {
        services.AddSingleton<StripeLimits>();
        services.AddSingleton<StripeDocument>();
        services.AddSingleton<StripeObjects>();
        services.AddSingleton<StripeBalanceLinks>();
        services.AddSingleton<StripeExpansion>();
        services.AddSingleton<IntentHandlers>();
        services.AddSingleton<ChargeHandlers>();
        services.AddSingleton<RefundHandlers>();
        services.AddSingleton<PsbtHandlers>();
        services.AddSingleton<DisputeHandlers>();
        services.AddSingleton<CustomerStore>();
        services.AddSingleton<MethodStore>();
        services.AddSingleton<SetupStore>();
        services.AddSingleton<CardKeeper>();
        services.AddSingleton<SetupHandlers>();
        services.AddSingleton<CustomerHandlers>();
        services.AddSingleton<PaymentMethodHandlers>();
        services.AddSingleton<PayoutHandlers>();
        services.AddSingleton<BalanceHandlers>();
        services.AddSingleton<EventHandlers>();
        services.AddSingleton<ReviewHandlers>();
        services.AddSingleton<WebhookEndpointHandlers>();
        services.AddSingleton<KeyHandlers>();
    }

    private static void AddPullPayments(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(new PullPaymentOptions());
        services.AddSingleton(provider => new PullPaymentService(
            provider.GetRequiredService<IDatabase>(),
            provider.GetRequiredService<PayoutService>(),
            provider.GetRequiredService<RefundService>(),
            provider.GetRequiredService<ObjectIds>(),
            provider.GetRequiredService<Quoter>(),
            options.Network,
            provider.GetRequiredService<PullPaymentOptions>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddOutgoing(this IServiceCollection services)
    {
        services.AddSingleton<IOutgoingGate, SwitchGate>();
        services.AddSingleton(new OutgoingOptions());
        services.AddSingleton<RefundStore>();
        services.AddSingleton<RefundSubject>();
        services.AddSingleton<PayoutStore>();
        services.AddSingleton<PayoutSubject>();
        services.AddSingleton<PayoutService>();
        services.AddSingleton<IReadOnlyList<IOutgoingSubject>>(static provider => [provider.GetRequiredService<RefundSubject>(), provider.GetRequiredService<PayoutSubject>()]);
        services.AddSingleton<OutgoingRouter>();
        services.AddSingleton<OutgoingEngine>();
        services.AddSingleton<RefundService>();
    }
}
