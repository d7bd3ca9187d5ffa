namespace Tributary.Finance.Pools;

/// <summary>What a swap comes to.</summary>
/// <param name="Pool">The pool after it.</param>
/// <param name="Amount0In">What the pool had of the first asset beyond its reserve less what it pays: the input, and what was donated before.</param>
/// <param name="Amount1In">Likewise of the second.</param>
public readonly record struct PoolSwap(PoolLeaf Pool, UInt128 Amount0In, UInt128 Amount1In);
