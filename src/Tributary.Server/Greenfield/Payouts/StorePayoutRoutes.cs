using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Payouts;

/// <summary>The routes of payouts.</summary>
internal static class StorePayoutRoutes
{
    private const string One = "PayoutData";
    private const string Path = "/payouts/{payoutId}";

    public static void Map(GreenfieldRoutes routes)
    {
        routes.Get<StorePayoutHandlers>("/stores/{storeId}/payouts", GreenfieldRule.Store(Policies.CanViewPayouts, One + "[]", "Payouts of a store"), static (handlers, call, token) => handlers.ListAsync(call, token));
        routes.Post<StorePayoutHandlers>("/stores/{storeId}/payouts", GreenfieldRule.Store(Policies.CanCreateNonApprovedPullPayments, One, "Make a payout"), static (handlers, call, token) => handlers.CreateAsync(call, token));
        routes.Both<StorePayoutHandlers>(HttpMethods.Get, Path, Policies.CanViewPayouts, One, "A payout", static (handlers, call, token) => handlers.GetAsync(call, token));
        routes.Both<StorePayoutHandlers>(HttpMethods.Post, Path, Policies.CanManagePayouts, One, "Agree to a payout", static (handlers, call, token) => handlers.ApproveAsync(call, token));
        routes.Both<StorePayoutHandlers>(HttpMethods.Delete, Path, Policies.CanManagePayouts, "", "Cancel a payout", static (handlers, call, token) => handlers.CancelAsync(call, token));
        routes.Both<StorePayoutHandlers>(HttpMethods.Post, Path + "/mark-paid", Policies.CanManagePayouts, "", "Note that a payout was paid by other means", static (handlers, call, token) => handlers.MarkPaidAsync(call, token));
        routes.Both<StorePayoutHandlers>(HttpMethods.Post, Path + "/mark", Policies.CanManagePayouts, "", "Note how a payout stands", static (handlers, call, token) => handlers.MarkAsync(call, token));
    }
}
