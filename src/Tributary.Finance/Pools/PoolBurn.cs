namespace Tributary.Finance.Pools;

/// <summary>What removing liquidity comes to.</summary>
/// <param name="Pool">The pool after it.</param>
/// <param name="Amount0">What is paid out of the first asset.</param>
/// <param name="Amount1">What is paid out of the second.</param>
/// <param name="ProtocolLiquidity">Shares for the recipient of the protocol fee, made beforehand.</param>
public readonly record struct PoolBurn(PoolLeaf Pool, UInt128 Amount0, UInt128 Amount1, UInt128 ProtocolLiquidity);
