using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.PullPayments;

/// <summary>The routes of pull payments.</summary>
internal static class PullPaymentRoutes
{
    private const string One = "PullPaymentData";

    public static void Map(GreenfieldRoutes routes)
    {
        routes.Get<PullPaymentHandlers>("/stores/{storeId}/pull-payments", GreenfieldRule.Store(Policies.CanViewPullPayments, One + "[]", "Pull payments of a store"), static (handlers, call, token) => handlers.ListAsync(call, token));
        routes.Post<PullPaymentHandlers>("/stores/{storeId}/pull-payments", GreenfieldRule.Store(Policies.CanCreateNonApprovedPullPayments, One, "Make a pull payment"), static (handlers, call, token) => handlers.CreateAsync(call, token));
        routes.Both<PullPaymentHandlers>(HttpMethods.Delete, "/pull-payments/{pullPaymentId}", Policies.CanArchivePullPayments, "", "End a pull payment", static (handlers, call, token) => handlers.ArchiveAsync(call, token));
        routes.Get<PullPaymentHandlers>("/pull-payments/{pullPaymentId}", GreenfieldRule.Public(One, "A pull payment"), static (handlers, call, token) => handlers.GetAsync(call, token));
        routes.Get<PullPaymentHandlers>("/pull-payments/{pullPaymentId}/payouts", GreenfieldRule.Public("PayoutData[]", "What was claimed of a pull payment"), static (handlers, call, token) => handlers.PayoutsAsync(call, token));
        routes.Post<PullPaymentHandlers>("/pull-payments/{pullPaymentId}/payouts", GreenfieldRule.Public("PayoutData", "Claim of a pull payment"), static (handlers, call, token) => handlers.ClaimAsync(call, token));
        routes.Get<PullPaymentHandlers>("/pull-payments/{pullPaymentId}/payouts/{payoutId}", GreenfieldRule.Public("PayoutData", "One claim"), static (handlers, call, token) => handlers.PayoutAsync(call, token));
        routes.Get<PullPaymentHandlers>("/pull-payments/{pullPaymentId}/lnurl", GreenfieldRule.Public("LNURLData", "What a wallet scans"), static (handlers, call, token) => handlers.LnurlAsync(call, token));
    }
}
