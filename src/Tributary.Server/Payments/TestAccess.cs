namespace Tributary.Server.Payments;

/// <summary>What a developer points a client at.</summary>
/// <param name="SecretKey">The test secret key of the first store.</param>
public sealed record TestAccess(string SecretKey)
{
    /// <summary>A key of the Greenfield dialect that may do everything; null on a chain of real money, where keys are made by those who sign in.</summary>
    public string? GreenfieldKey { get; init; }

    /// <summary>A key of that dialect with what a shop's plugin asks for and no more, as BTCPay's for WooCommerce demands it; null likewise.</summary>
    public string? ShopKey { get; init; }

    /// <summary>The store that the keys are for.</summary>
    public string StoreId { get; init; } = "";

    /// <summary>Never the key.</summary>
    public override string ToString() => nameof(TestAccess);
}
