using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Stores;

/// <summary>Routes of payment methods that BTCPay gave up with 2.0. It answers 410 there, by which clients tell an old route from a missing store.</summary>
internal static class ObsoleteRoutes
{
    public static void Map(GreenfieldRoutes routes)
    {
        const string methods = "/stores/{storeId}/payment-methods";
        foreach (var path in (string[])["/LNURL", "/LightningNetwork"])
            routes.Get<MethodHandlers>(methods + path, Rule(), static (_, call, _) => GoneAsync(call));
        foreach (var path in (string[])["/LNURLPay/{cryptoCode}", "/LightningNetwork/{cryptoCode}"])
        {
            foreach (var method in (string[])[HttpMethods.Get, HttpMethods.Put, HttpMethods.Delete])
                routes.Map<MethodHandlers>(method, methods + path, Rule(), static (_, call, _) => GoneAsync(call));
        }
    }

    private static GreenfieldRule Rule() => GreenfieldRule.Store(Policies.CanViewStoreSettings, "", "Gone since 2.0: 410");

    private static Task<GreenfieldAnswer> GoneAsync(GreenfieldCall call) => Task.FromResult(
        call.Finish() ?? GreenfieldErrors.Of(StatusCodes.Status410Gone, "unsupported-in-v2", "This route is gone since version 2.0: /payment-methods/{paymentMethodId} is in its place."));
}
