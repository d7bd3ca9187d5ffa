using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Document;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Greenfield.Invoices;
using Tributary.Server.Greenfield.Keys;
using Tributary.Server.Greenfield.LightningNames;
using Tributary.Server.Greenfield.LightningNodes;
using Tributary.Server.Greenfield.Pages;
using Tributary.Server.Greenfield.Payouts;
using Tributary.Server.Greenfield.PullPayments;
using Tributary.Server.Greenfield.Refunds;
using Tributary.Server.Greenfield.Server;
using Tributary.Server.Greenfield.Stores;
using Tributary.Server.Greenfield.Users;
using Tributary.Server.Greenfield.Webhooks;

namespace Tributary.Server.Greenfield;

/// <summary>The routes of BTCPay's Greenfield dialect, below <c>/api/v1</c>; each part registers its own.</summary>
internal static class GreenfieldEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var routes = new GreenfieldRoutes(app);
        routes.Get<ServerInfoHandlers>("/server/info", GreenfieldRule.AnyKey("ApplicationServerInfoData", "What the server is"), static (handlers, call, token) => handlers.InfoAsync(call, token));
        routes.Get<ServerInfoHandlers>("/health", GreenfieldRule.Public("ApplicationHealthData", "Whether the chain is followed"), static (handlers, call, token) => handlers.HealthAsync(call, token));
        routes.Get<GreenfieldDocument>("/openapi.json", GreenfieldRule.Public("OpenApiDocument", "This document"), static (document, call, token) => document.GetAsync(call, token));
        MapKeys(routes);
        MapStores(routes);
        MapInvoices(routes);
        MapWebhooks(routes);
        LightningRoutes.Map(routes);
        PullPaymentRoutes.Map(routes);
        StorePayoutRoutes.Map(routes);
        RefundRoutes.Map(routes);
        UserRoutes.Map(routes);
        NameRoutes.Map(routes);
        ProcessorRoutes.Map(routes);
        ObsoleteRoutes.Map(routes);
        routes.MapRest();
        MiscHandlers.Map(app);
        InvoicePages.Map(app);
        AuthorizePages.Map(app);
        OwnKeyPages.Map(app);
    }

    private static void MapKeys(GreenfieldRoutes routes)
    {
        const string key = "ApiKeyData";
        routes.Get<KeyHandlers>("/api-keys/current", GreenfieldRule.AnyKey(key, "The key that asks"), static (_, call, _) => KeyHandlers.CurrentAsync(call));
        routes.Delete<KeyHandlers>("/api-keys/current", GreenfieldRule.AnyKey(key, "End the key that asks"), static (handlers, call, token) => handlers.RevokeCurrentAsync(call, token));
        routes.Post<KeyHandlers>("/api-keys", GreenfieldRule.User(Policies.Unrestricted, key, "Make a key"), static (handlers, call, token) => handlers.CreateAsync(call, token));
        routes.Delete<KeyHandlers>("/api-keys/{apikey}", GreenfieldRule.User(Policies.Unrestricted, "", "End a key"), static (handlers, call, token) => handlers.RevokeAsync(call, token));
        routes.Post<KeyHandlers>("/users/{idOrEmail}/api-keys", GreenfieldRule.User(Policies.CanManageUsers, key, "Make a key for a user"), static (handlers, call, token) => handlers.CreateForUserAsync(call, token));
        routes.Delete<KeyHandlers>("/users/{idOrEmail}/api-keys/{apikey}", GreenfieldRule.User(Policies.CanManageUsers, "", "End a user's key"), static (handlers, call, token) => handlers.RevokeForUserAsync(call, token));
    }

    private static void MapStores(GreenfieldRoutes routes)
    {
        const string store = "StoreData";
        const string view = Policies.CanViewStoreSettings;
        const string modify = Policies.CanModifyStoreSettings;
        routes.Get<StoreHandlers>("/stores", GreenfieldRule.User(view, "StoreData[]", "List stores"), static (handlers, call, token) => handlers.ListAsync(call, token));
        routes.Post<StoreHandlers>("/stores", GreenfieldRule.AllStores(modify, store, "Make a store"), static (handlers, call, token) => handlers.CreateAsync(call, token));
        routes.Get<StoreHandlers>("/stores/{storeId}", GreenfieldRule.Store(view, store, "Retrieve a store"), static (handlers, call, token) => handlers.RetrieveAsync(call, token));
        routes.Put<StoreHandlers>("/stores/{storeId}", GreenfieldRule.Store(modify, store, "Change a store"), static (handlers, call, token) => handlers.UpdateAsync(call, token));
        routes.Delete<StoreHandlers>("/stores/{storeId}", GreenfieldRule.Store(modify, "", "Delete a store"), static (handlers, call, token) => handlers.DeleteAsync(call, token));

        const string rates = "StoreRateResult[]";
        const string configuration = "StoreRateConfiguration";
        routes.Get<RateHandlers>("/stores/{storeId}/rates", GreenfieldRule.Store(view, rates, "What a bitcoin costs in a store"), static (handlers, call, token) => handlers.RatesAsync(call, token));
        routes.Post<RateHandlers>("/stores/{storeId}/rates/configuration/preview", GreenfieldRule.Store(modify, rates, "What it would cost"), static (handlers, call, token) => handlers.PreviewAsync(call, token));
        foreach (var path in (string[])["/stores/{storeId}/rates/configuration", "/stores/{storeId}/rates/configuration/{rateSource}"])
        {
            routes.Get<RateHandlers>(path, GreenfieldRule.Store(view, configuration, "How prices are made"), static (handlers, call, token) => handlers.ConfigurationAsync(call, token));
            routes.Put<RateHandlers>(path, GreenfieldRule.Store(modify, configuration, "Change a store's spread"), static (handlers, call, token) => handlers.ConfigureAsync(call, token));
        }

        const string method = "GenericPaymentMethodData";
        routes.Get<MethodHandlers>("/stores/{storeId}/payment-methods", GreenfieldRule.Store(view, "GenericPaymentMethodData[]", "List payment methods"), static (handlers, call, token) => handlers.ListAsync(call, token));
        routes.Get<MethodHandlers>("/stores/{storeId}/payment-methods/{paymentMethodId}", GreenfieldRule.Store(view, method, "Retrieve a payment method"), static (handlers, call, token) => handlers.RetrieveAsync(call, token));
        routes.Put<MethodHandlers>("/stores/{storeId}/payment-methods/{paymentMethodId}", GreenfieldRule.Store(modify, method, "Enable or disable a payment method"), static (handlers, call, token) => handlers.UpdateAsync(call, token));
        routes.Delete<MethodHandlers>("/stores/{storeId}/payment-methods/{paymentMethodId}", GreenfieldRule.Store(modify, "", "Disable a payment method"), static (handlers, call, token) => handlers.DeleteAsync(call, token));
    }

    private static void MapWebhooks(GreenfieldRoutes routes)
    {
        const string webhook = "WebhookData";
        const string policy = Policies.CanModifyWebhooks;
        routes.Get<WebhookHandlers>("/stores/{storeId}/webhooks", GreenfieldRule.Store(policy, "WebhookData[]", "List webhooks"), static (handlers, call, token) => handlers.ListAsync(call, token));
        routes.Post<WebhookHandlers>("/stores/{storeId}/webhooks", GreenfieldRule.Store(policy, webhook, "Make a webhook"), static (handlers, call, token) => handlers.CreateAsync(call, token));
        routes.Both<WebhookHandlers>(HttpMethods.Get, "/webhooks/{webhookId}", policy, webhook, "Retrieve a webhook", static (handlers, call, token) => handlers.RetrieveAsync(call, token));
        routes.Both<WebhookHandlers>(HttpMethods.Put, "/webhooks/{webhookId}", policy, webhook, "Change a webhook", static (handlers, call, token) => handlers.UpdateAsync(call, token));
        routes.Both<WebhookHandlers>(HttpMethods.Delete, "/webhooks/{webhookId}", policy, "", "Delete a webhook", static (handlers, call, token) => handlers.DeleteAsync(call, token));
        routes.Both<WebhookHandlers>(HttpMethods.Get, "/webhooks/{webhookId}/deliveries", policy, "WebhookDeliveryData[]", "List what was sent", static (handlers, call, token) => handlers.DeliveriesAsync(call, token));
        routes.Both<WebhookHandlers>(HttpMethods.Get, "/webhooks/{webhookId}/deliveries/{deliveryId}", policy, "WebhookDeliveryData", "Retrieve a delivery", static (handlers, call, token) => handlers.DeliveryAsync(call, token));
        routes.Both<WebhookHandlers>(HttpMethods.Get, "/webhooks/{webhookId}/deliveries/{deliveryId}/request", policy, "WebhookEvent", "The body that is sent", static (handlers, call, token) => handlers.RequestAsync(call, token));
        routes.Both<WebhookHandlers>(HttpMethods.Post, "/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver", policy, "DeliveryId", "Send a delivery again", static (handlers, call, token) => handlers.RedeliverAsync(call, token));
    }

    private static void MapInvoices(GreenfieldRoutes routes)
    {
        const string invoice = "InvoiceData";
        const string view = Policies.CanViewInvoices;
        const string modify = Policies.CanModifyInvoices;
        routes.Get<InvoiceHandlers>("/stores/{storeId}/invoices", GreenfieldRule.Store(view, "InvoiceData[]", "List invoices"), static (handlers, call, token) => handlers.ListAsync(call, token));
        routes.Post<InvoiceHandlers>("/stores/{storeId}/invoices", GreenfieldRule.Store(Policies.CanCreateInvoice, invoice, "Make an invoice"), static (handlers, call, token) => handlers.CreateAsync(call, token));
        routes.Both<InvoiceHandlers>(HttpMethods.Get, "/invoices/{invoiceId}", view, invoice, "Retrieve an invoice", static (handlers, call, token) => handlers.RetrieveAsync(call, token));
        routes.Both<InvoiceHandlers>(HttpMethods.Put, "/invoices/{invoiceId}", modify, invoice, "Change an invoice's metadata", static (handlers, call, token) => handlers.UpdateAsync(call, token));
        routes.Both<InvoiceHandlers>(HttpMethods.Delete, "/invoices/{invoiceId}", modify, "", "Archive an invoice", static (handlers, call, token) => handlers.ArchiveAsync(call, true, token));
        routes.Both<InvoiceHandlers>(HttpMethods.Post, "/invoices/{invoiceId}/unarchive", modify, invoice, "Take an invoice out of the archive", static (handlers, call, token) => handlers.ArchiveAsync(call, false, token));
        routes.Both<InvoiceHandlers>(HttpMethods.Post, "/invoices/{invoiceId}/status", modify, invoice, "Say that an invoice is settled or invalid", static (handlers, call, token) => handlers.MarkAsync(call, token));
        routes.Both<InvoiceHandlers>(HttpMethods.Get, "/invoices/{invoiceId}/payment-methods", view, "InvoicePaymentMethodDataModel[]", "The ways to pay an invoice, and what came by them", static (handlers, call, token) => handlers.MethodsAsync(call, token));
        routes.Both<InvoiceHandlers>(HttpMethods.Post, "/invoices/{invoiceId}/payment-methods/{paymentMethodId}/activate", view, "", "Ask for a way to pay", static (handlers, call, token) => handlers.ActivateAsync(call, token));
    }
}
