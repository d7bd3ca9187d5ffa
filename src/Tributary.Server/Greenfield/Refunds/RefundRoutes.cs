using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Refunds;

/// <summary>The routes of refunds.</summary>
internal static class RefundRoutes
{
    public static void Map(GreenfieldRoutes routes)
    {
        routes.Both<RefundHandlers>(HttpMethods.Post, "/invoices/{invoiceId}/refund", Policies.CanCreatePullPayments, "PullPaymentData", "Give an invoice back", static (handlers, call, token) => handlers.CreateAsync(call, token));
        routes.Both<RefundHandlers>(HttpMethods.Get, "/invoices/{invoiceId}/refund/{paymentMethodId}", Policies.CanCreatePullPayments, "InvoiceRefundTriggerData", "What a refund would give back", static (handlers, call, token) => handlers.PreviewAsync(call, token));
    }
}
