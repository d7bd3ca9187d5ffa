namespace Tributary.Bitcoin.Wallets.Coins;

/// <summary>The ways of choosing coins.</summary>
public enum CoinSelectionAlgorithm
{
    /// <summary>The user named the coins.</summary>
    Given,

    /// <summary>Branch and bound: a set that needs no change (Erhardt 2016).</summary>
    BranchAndBound,

    /// <summary>The sum closest above the target by random trials, with change.</summary>
    Knapsack,

    /// <summary>Coins in random order until they suffice, with change.</summary>
    SingleRandomDraw,
}
