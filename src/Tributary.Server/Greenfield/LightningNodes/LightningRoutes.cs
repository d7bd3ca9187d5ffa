using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.LightningNodes;

/// <summary>The routes of the Lightning node: below a store, and below the server for those who look after it.</summary>
internal static class LightningRoutes
{
    private const string Node = "/lightning/{cryptoCode}";
    private const string One = "LightningInvoiceData";
    private const string Payment = "LightningPaymentData";

    public static void Map(GreenfieldRoutes routes)
    {
        MapNode(routes, "/stores/{storeId}" + Node, GreenfieldRule.Store, Policies.CanUseLightningNodeInStore);
        MapNode(routes, "/server" + Node, GreenfieldRule.User, Policies.CanUseInternalLightningNode);
        MapStore(routes, "/stores/{storeId}" + Node);
        MapServer(routes, "/server" + Node);
    }

    private static void MapNode(GreenfieldRoutes routes, string path, Func<string, string, string, GreenfieldRule> rule, string policy)
    {
        routes.Get<NodeHandlers>(path + "/info", rule(policy, "LightningNodeInformationData", "What the node is"), static (handlers, call, token) => handlers.InfoAsync(call, token));
        routes.Get<NodeHandlers>(path + "/balance", rule(policy, "LightningNodeBalanceData", "What the node holds"), static (handlers, call, token) => handlers.BalanceAsync(call, token));
        routes.Post<NodeHandlers>(path + "/connect", rule(policy, "", "Connect with a peer"), static (handlers, call, token) => handlers.ConnectAsync(call, token));
        routes.Get<NodeHandlers>(path + "/channels", rule(policy, "LightningChannelData[]", "Channels of the node"), static (handlers, call, token) => handlers.ChannelsAsync(call, token));
        routes.Post<NodeHandlers>(path + "/channels", rule(policy, "", "Open a channel"), static (handlers, call, token) => handlers.OpenChannelAsync(call, token));
        routes.Post<NodeHandlers>(path + "/address", rule(policy, "string", "An address of the node's wallet"), static (handlers, call, token) => handlers.AddressAsync(call, token));
    }

    private static void MapStore(GreenfieldRoutes routes, string path)
    {
        routes.Post<StoreLightningHandlers>(path + "/invoices", GreenfieldRule.Store(Policies.CanCreateLightningInvoiceInStore, One, "Make an invoice of the store"), static (handlers, call, token) => handlers.CreateInvoiceAsync(call, token));
        routes.Get<StoreLightningHandlers>(path + "/invoices", GreenfieldRule.Store(Policies.CanViewLightningInvoiceInStore, One + "[]", "Invoices of the store"), static (handlers, call, token) => handlers.InvoicesAsync(call, token));
        routes.Get<StoreLightningHandlers>(path + "/invoices/{id}", GreenfieldRule.Store(Policies.CanViewLightningInvoiceInStore, One, "An invoice of the store"), static (handlers, call, token) => handlers.InvoiceAsync(call, token));
        routes.Post<StoreLightningHandlers>(path + "/invoices/pay", GreenfieldRule.Store(Policies.CanUseLightningNodeInStore, Payment, "Pay an invoice with the store's money"), static (handlers, call, token) => handlers.PayAsync(call, token));
        routes.Get<StoreLightningHandlers>(path + "/payments", GreenfieldRule.Store(Policies.CanUseLightningNodeInStore, Payment + "[]", "What the store paid"), static (handlers, call, token) => handlers.PaymentsAsync(call, token));
        routes.Get<StoreLightningHandlers>(path + "/payments/{paymentHash}", GreenfieldRule.Store(Policies.CanUseLightningNodeInStore, Payment, "A payment of the store"), static (handlers, call, token) => handlers.PaymentAsync(call, token));
    }

    private static void MapServer(GreenfieldRoutes routes, string path)
    {
        routes.Post<NodePaymentHandlers>(path + "/invoices", GreenfieldRule.User(Policies.CanCreateLightningInvoiceInternalNode, One, "Make an invoice of the operator"), static (handlers, call, token) => handlers.CreateInvoiceAsync(call, token));
        routes.Get<NodePaymentHandlers>(path + "/invoices", GreenfieldRule.User(Policies.CanViewLightningInvoiceInternalNode, One + "[]", "Invoices of the node"), static (handlers, call, token) => handlers.InvoicesAsync(call, token));
        routes.Get<NodePaymentHandlers>(path + "/invoices/{id}", GreenfieldRule.User(Policies.CanViewLightningInvoiceInternalNode, One, "An invoice of the node"), static (handlers, call, token) => handlers.InvoiceAsync(call, token));
        routes.Post<NodePaymentHandlers>(path + "/invoices/pay", GreenfieldRule.User(Policies.CanUseInternalLightningNode, Payment, "Pay an invoice with the operator's money"), static (handlers, call, token) => handlers.PayAsync(call, token));
        routes.Get<NodePaymentHandlers>(path + "/payments", GreenfieldRule.User(Policies.CanUseInternalLightningNode, Payment + "[]", "What the node paid"), static (handlers, call, token) => handlers.PaymentsAsync(call, token));
        routes.Get<NodePaymentHandlers>(path + "/payments/{paymentHash}", GreenfieldRule.User(Policies.CanUseInternalLightningNode, Payment, "A payment of the node"), static (handlers, call, token) => handlers.PaymentAsync(call, token));
    }
}
