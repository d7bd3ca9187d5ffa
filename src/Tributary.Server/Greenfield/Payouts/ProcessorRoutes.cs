using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Payouts;

/// <summary>The routes of payout processors.</summary>
internal static class ProcessorRoutes
{
    public static void Map(GreenfieldRoutes routes)
    {
        routes.Get<ProcessorHandlers>("/payout-processors", GreenfieldRule.AnyKey("PayoutProcessorData[]", "List the payout processors"), static (_, call, _) => ProcessorHandlers.NoneAsync(call));
        routes.Get<ProcessorHandlers>("/stores/{storeId}/payout-processors", GreenfieldRule.Store(Policies.CanViewStoreSettings, "PayoutProcessorData[]", "List a store's payout processors"), static (_, call, _) => ProcessorHandlers.NoneAsync(call));
    }
}
