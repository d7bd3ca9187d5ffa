using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Users;

/// <summary>The routes of users, and of users in stores.</summary>
internal static class UserRoutes
{
    public static void Map(GreenfieldRoutes routes)
    {
        const string user = "ApplicationUserData";
        routes.Get<OwnUserHandlers>("/users/me", GreenfieldRule.User(Policies.CanViewProfile, user, "The user behind the key"), static (handlers, call, token) => handlers.MeAsync(call, token));
        routes.Put<UserHandlers>("/users/me", GreenfieldRule.User(Policies.CanModifyProfile, user, "Change one's address, name or password"), static (handlers, call, token) => handlers.UpdateMeAsync(call, token));
        routes.Delete<UserHandlers>("/users/me", GreenfieldRule.User(Policies.CanDeleteUser, "", "Delete oneself"), static (handlers, call, token) => handlers.DeleteMeAsync(call, token));
        routes.Get<UserHandlers>("/users", GreenfieldRule.User(Policies.CanViewUsers, user + "[]", "List users"), static (handlers, call, token) => handlers.ListAsync(call, token));
        routes.Post<UserHandlers>("/users", GreenfieldRule.User(Policies.CanCreateUser, user, "Make a user"), static (handlers, call, token) => handlers.CreateAsync(call, token));
        routes.Get<UserHandlers>("/users/{idOrEmail}", GreenfieldRule.User(Policies.CanViewUsers, user, "Retrieve a user"), static (handlers, call, token) => handlers.RetrieveAsync(call, token));
        routes.Delete<UserHandlers>("/users/{idOrEmail}", GreenfieldRule.User(Policies.CanModifyServerSettings, "", "Delete a user"), static (handlers, call, token) => handlers.DeleteAsync(call, token));
        routes.Post<UserHandlers>("/users/{idOrEmail}/lock", GreenfieldRule.User(Policies.CanModifyServerSettings, "", "Lock a user out, or let one in again"), static (handlers, call, token) => handlers.LockAsync(call, token));

        routes.Get<StoreUserHandlers>("/stores/{storeId}/users", GreenfieldRule.Store(Policies.CanViewStoreSettings, "StoreUserData[]", "List a store's users"), static (handlers, call, token) => handlers.ListAsync(call, token));
        routes.Post<StoreUserHandlers>("/stores/{storeId}/users", GreenfieldRule.Store(Policies.CanModifyStoreSettings, "", "Add a user to a store"), static (handlers, call, token) => handlers.AddAsync(call, token));
        routes.Put<StoreUserHandlers>("/stores/{storeId}/users/{idOrEmail}", GreenfieldRule.Store(Policies.CanModifyStoreSettings, "", "Change a user's role in a store"), static (handlers, call, token) => handlers.UpdateAsync(call, token));
        routes.Delete<StoreUserHandlers>("/stores/{storeId}/users/{idOrEmail}", GreenfieldRule.Store(Policies.CanModifyStoreSettings, "", "Take a user out of a store"), static (handlers, call, token) => handlers.RemoveAsync(call, token));
        routes.Get<OwnUserHandlers>("/stores/{storeId}/roles", GreenfieldRule.Store(Policies.CanModifyStoreSettings, "RoleData[]", "List the roles"), static (_, call, _) => StoreUserHandlers.RolesAsync(call));
        routes.Get<OwnUserHandlers>("/server/roles", GreenfieldRule.User(Policies.CanModifyServerSettings, "RoleData[]", "List the roles"), static (_, call, _) => StoreUserHandlers.RolesAsync(call));
    }
}
