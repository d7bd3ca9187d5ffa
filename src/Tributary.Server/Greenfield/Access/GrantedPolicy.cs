using System.Diagnostics.CodeAnalysis;

namespace Tributary.Server.Greenfield.Access;

/// <summary>A policy that a key was granted, in all stores of its user or in one: <c>btcpay.store.canviewinvoices:STOREID</c>.</summary>
/// <param name="Policy">By BTCPay's name.</param>
/// <param name="StoreId">The one store; null for all.</param>
public readonly record struct GrantedPolicy(string Policy, string? StoreId)
{
    private const int TextMax = 200;

    /// <summary>Reads one; false for a policy that this server does not know, or a store where none can be named.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out GrantedPolicy granted)
    {
        granted = default;
        if (text is not { Length: > 0 and <= TextMax })
            return false;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var policy = (colon < 0 ? text : text[..colon]).Trim().ToLowerInvariant();
        var store = colon < 0 ? null : text[(colon + 1)..].Trim();
        if (!Policies.IsKnown(policy) || store is { Length: 0 } || (store is not null && (!Policies.IsOfStore(policy) || store.Any(char.IsWhiteSpace))))
            return false;
        granted = new GrantedPolicy(policy, store);
        return true;
    }

    /// <summary>Does it reach an asked policy in a store?</summary>
    public bool Reaches(string asked, string? storeId) =>
        Policies.Includes(Policy, asked) && (StoreId is null || string.Equals(StoreId, storeId, StringComparison.Ordinal));

    public override string ToString() => StoreId is null ? Policy : $"{Policy}:{StoreId}";
}
