namespace Tributary.Finance.Assets;

/// <summary>Where an asset's supply comes from.</summary>
public enum AssetKind : byte
{
    /// <summary>Not an asset.</summary>
    None = 0,

    /// <summary>Held on Bitcoin: deposits make it, withdrawals end it.</summary>
    Bridged = 1,

    /// <summary>Issued by an account.</summary>
    Issued = 2,

    /// <summary>A share in a pool: adding liquidity makes it, removing liquidity ends it.</summary>
    Liquidity = 3,
}
