using System.Collections.Immutable;

namespace Tributary.Server.Greenfield.Access;

/// <summary>Who asks: a user, within what the key was granted. Somebody who signs in with a password has no key and all of the user's rights.</summary>
internal sealed record GreenfieldCaller(GreenfieldUser User, GreenfieldKey? Key)
{
    /// <summary>The secret that was sent, for the answer that repeats it to its holder; null without a key.</summary>
    public string? Secret { get; init; }

    /// <summary>What it was granted.</summary>
    public ImmutableArray<GrantedPolicy> Permissions => Key?.Permissions ?? [new GrantedPolicy(Policies.Unrestricted, null)];

    /// <summary>May this be done in a store? A store of somebody else and one that does not exist are the same.</summary>
    public bool MayIn(string? storeId, string policy) =>
        storeId is not null
        && User.Stores.TryGetValue(storeId, out var role)
        && RolePolicies.May(role, policy)
        && Permissions.Any(granted => granted.Reaches(policy, storeId));

    /// <summary>The stores in which this may be done.</summary>
    public IEnumerable<string> StoresFor(string policy) => User.Stores.Keys.Where(storeId => MayIn(storeId, policy));

    /// <summary>May this be done in every store of the user, those included that come later?</summary>
    public bool MayInAll(string policy) =>
        User.Stores.Values.Any(role => RolePolicies.May(role, policy)) && Permissions.Any(granted => granted.StoreId is null && granted.Reaches(policy, null));

    /// <summary>May this be done that belongs to no store?</summary>
    public bool May(string policy)
    {
        if (Policies.IsOfStore(policy))
            return StoresFor(policy).Any();
        if (Policies.IsOfServer(policy) && !User.IsAdministrator)
            return false;
        return Permissions.Any(granted => granted.Reaches(policy, null));
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{User.Id} {Key?.Id}";
}
