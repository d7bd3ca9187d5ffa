namespace Tributary.Finance.Pools;

/// <summary>What adding liquidity comes to.</summary>
/// <param name="Pool">The pool after it.</param>
/// <param name="Amount0">What was added of the first asset: all that the pool had not counted yet.</param>
/// <param name="Amount1">Likewise of the second.</param>
/// <param name="Liquidity">Shares for who adds.</param>
/// <param name="Locked">Shares that nobody gets, with the first liquidity.</param>
/// <param name="ProtocolLiquidity">Shares for the recipient of the protocol fee.</param>
public readonly record struct PoolMint(PoolLeaf Pool, UInt128 Amount0, UInt128 Amount1, UInt128 Liquidity, UInt128 Locked, UInt128 ProtocolLiquidity);
