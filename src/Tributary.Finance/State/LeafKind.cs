namespace Tributary.Finance.State;

/// <summary>What a leaf of the state holds. The numbers are part of every encoding and never change their meaning.</summary>
public enum LeafKind : byte
{
    /// <summary>Not a leaf.</summary>
    None = 0,

    /// <summary>The next numbers of everything that is numbered; one leaf, at address 0.</summary>
    Counters = 1,

    /// <summary>An account, at its number.</summary>
    Account = 2,

    /// <summary>A balance, at account · 2³² + asset.</summary>
    Balance = 3,

    /// <summary>An asset, at its number.</summary>
    Asset = 4,

    /// <summary>A hash time-locked contract, at its number.</summary>
    Htlc = 5,

    /// <summary>A pool, at lower asset · 2³² + higher asset.</summary>
    Pool = 6,

    /// <summary>What holds for all pools; one leaf, at address 0.</summary>
    PoolSettings = 7,
}
