using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.LightningNames;

/// <summary>The routes of a store's Lightning Addresses.</summary>
internal static class NameRoutes
{
    public static void Map(GreenfieldRoutes routes)
    {
        const string name = "LightningAddressData";
        const string one = "/stores/{storeId}/lightning-addresses/{username}";
        routes.Get<NameHandlers>("/stores/{storeId}/lightning-addresses", GreenfieldRule.Store(Policies.CanViewStoreSettings, name + "[]", "List Lightning Addresses"), static (handlers, call, token) => handlers.ListAsync(call, token));
        routes.Get<NameHandlers>(one, GreenfieldRule.Store(Policies.CanViewStoreSettings, name, "Retrieve a Lightning Address"), static (handlers, call, token) => handlers.RetrieveAsync(call, token));
        routes.Post<NameHandlers>(one, GreenfieldRule.Store(Policies.CanModifyStoreSettings, name, "Take a Lightning Address, or change its terms"), static (handlers, call, token) => handlers.RegisterAsync(call, token));
        routes.Delete<NameHandlers>(one, GreenfieldRule.Store(Policies.CanModifyStoreSettings, "", "Give a Lightning Address up"), static (handlers, call, token) => handlers.RemoveAsync(call, token));
    }
}
