using Tributary.Finance.Numerics;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Pools;

/// <summary>
/// The arithmetic of a Uniswap v2 pair (v2-core, white paper 2020), on values: what comes in stands in the balances before, what goes out leaves them
/// here. Time is the rollup's height where the original has seconds.
/// </summary>
public static class ConstantProduct
{
    /// <summary>Shares locked with the first liquidity, so that no share can ever cost too much (white paper, section 3.4).</summary>
    public const uint MinimumLiquidity = 1000;

    /// <summary>The fee on what comes in, in thousandths.</summary>
    public const uint FeeThousandths = 3;

    /// <summary>Adds what the pool has not counted yet as liquidity.</summary>
    public static Result<PoolMint, Refusal> Mint(in PoolLeaf pool, UInt128 totalSupply, bool protocolFee, uint height)
    {
        var amount0 = pool.Balance0 - pool.Reserve0;
        var amount1 = pool.Balance1 - pool.Reserve1;
        if (!TryTakeFee(pool, totalSupply, protocolFee, out var current, out var protocolLiquidity))
            return new Refusal("pool.overflow", "the protocol's shares exceed 128 bits");
        if (!TryAdd(totalSupply, protocolLiquidity, out var supply))
            return new Refusal("pool.overflow", "the shares exceed 128 bits");
        UInt128 liquidity, locked = 0;
        if (supply == UInt128.Zero)
        {
            var root = UInt256.Multiply(amount0, amount1).SquareRoot();
            if (root <= MinimumLiquidity)
                return new Refusal("pool.liquidity", $"the first liquidity is more than {MinimumLiquidity}: the root of the product of both amounts");
            (liquidity, locked) = (root - MinimumLiquidity, MinimumLiquidity);
        }
        else if (pool.Reserve0 == UInt128.Zero
            || pool.Reserve1 == UInt128.Zero
            || !UInt256.TryMultiplyDivide(amount0, supply, pool.Reserve0, out var share0)
            || !UInt256.TryMultiplyDivide(amount1, supply, pool.Reserve1, out var share1))
        {
            return new Refusal("pool.overflow", "the shares exceed 128 bits, or a reserve is empty");
        }
        else
        {
            liquidity = UInt128.Min(share0, share1);
        }

        if (liquidity == UInt128.Zero)
            return new Refusal("pool.liquidity", "too little for a share");
        if (!TryCount(current, height, out var counted) || !TryAdd(supply, liquidity, out var sum) || !TryAdd(sum, locked, out _))
            return Overflow();
        return new PoolMint(Remember(counted, protocolFee), amount0, amount1, liquidity, locked, protocolLiquidity);
    }

    /// <summary>Pays out the part of the balances that some shares stand for.</summary>
    public static Result<PoolBurn, Refusal> Burn(in PoolLeaf pool, UInt128 totalSupply, UInt128 liquidity, bool protocolFee, uint height)
    {
        if (!TryTakeFee(pool, totalSupply, protocolFee, out var current, out var protocolLiquidity) || !TryAdd(totalSupply, protocolLiquidity, out var supply))
            return new Refusal("pool.overflow", "the protocol's shares exceed 128 bits");
        if (liquidity == UInt128.Zero
            || liquidity > supply
            || !UInt256.TryMultiplyDivide(liquidity, pool.Balance0, supply, out var amount0)
            || !UInt256.TryMultiplyDivide(liquidity, pool.Balance1, supply, out var amount1)
            || amount0 == UInt128.Zero
            || amount1 == UInt128.Zero)
            return new Refusal("pool.liquidity", "too little to pay anything out for");
        var paid = current with { Balance0 = pool.Balance0 - amount0, Balance1 = pool.Balance1 - amount1 };
        return TryCount(paid, height, out var counted) ? new PoolBurn(Remember(counted, protocolFee), amount0, amount1, protocolLiquidity) : Overflow();
    }

    /// <summary>
    /// Pays out these amounts, if what has come in makes up for them: the product of the balances less the fee on the input does not fall below the
    /// product of the reserves.
    /// </summary>
    public static Result<PoolSwap, Refusal> Swap(in PoolLeaf pool, UInt128 amount0Out, UInt128 amount1Out, uint height)
    {
        if (amount0Out == UInt128.Zero && amount1Out == UInt128.Zero)
            return new Refusal("pool.output", "nothing is to come out");
        if (amount0Out >= pool.Reserve0 || amount1Out >= pool.Reserve1)
            return new Refusal("pool.liquidity", $"the pool has {pool.Reserve0} and {pool.Reserve1}, and keeps some of both");
        var rest0 = pool.Reserve0 - amount0Out;
        var rest1 = pool.Reserve1 - amount1Out;
        var paid = pool with { Balance0 = pool.Balance0 - amount0Out, Balance1 = pool.Balance1 - amount1Out };
        var amount0In = paid.Balance0 > rest0 ? paid.Balance0 - rest0 : UInt128.Zero;
        var amount1In = paid.Balance1 > rest1 ? paid.Balance1 - rest1 : UInt128.Zero;
        if (amount0In == UInt128.Zero && amount1In == UInt128.Zero)
            return new Refusal("pool.input", "nothing comes in");

        // Reserves have 112 bits and a thousand has ten, so everything below stays within 244 bits once the balances are known to fit.
        if (!TryCount(paid, height, out var counted))
            return Overflow();
        var adjusted0 = (paid.Balance0 * 1000) - (amount0In * FeeThousandths);
        var adjusted1 = (paid.Balance1 * 1000) - (amount1In * FeeThousandths);
        if (UInt256.Multiply(adjusted0, adjusted1) < UInt256.Multiply(pool.Reserve0 * 1000, pool.Reserve1 * 1000))
            return new Refusal("pool.k", "the product of the reserves would fall");
        return new PoolSwap(counted, amount0In, amount1In);
    }

    /// <summary>Counts what the pool holds as its reserves.</summary>
    public static Result<PoolLeaf, Refusal> Sync(in PoolLeaf pool, uint height) =>
        TryCount(pool, height, out var counted) ? counted : Overflow();

    /// <summary>The most that comes out for an input, fee included, rounded down; null where nothing does.</summary>
    public static UInt128? AmountOut(UInt128 amountIn, UInt128 reserveIn, UInt128 reserveOut)
    {
        if (amountIn == UInt128.Zero || amountIn > PoolLeaf.MaxReserve || !AreReserves(reserveIn, reserveOut))
            return null;
        var afterFee = amountIn * (1000 - FeeThousandths);
        return UInt256.TryMultiplyDivide(afterFee, reserveOut, (reserveIn * 1000) + afterFee, out var amountOut) ? amountOut : null;
    }

    /// <summary>The least that has to come in for an output, fee included, rounded up; null where no input suffices.</summary>
    public static UInt128? AmountIn(UInt128 amountOut, UInt128 reserveIn, UInt128 reserveOut)
    {
        if (amountOut == UInt128.Zero || amountOut >= reserveOut || !AreReserves(reserveIn, reserveOut))
            return null;
        var divisor = (reserveOut - amountOut) * (1000 - FeeThousandths);
        return UInt256.TryMultiplyDivide(reserveIn * 1000, amountOut, divisor, out var amountIn) ? amountIn + 1 : null;
    }

    /// <summary>What of the second asset goes with an amount of the first at the pool's ratio, rounded down; null for an empty pool.</summary>
    public static UInt128? Quote(UInt128 amount0, UInt128 reserve0, UInt128 reserve1) =>
        amount0 != UInt128.Zero && AreReserves(reserve0, reserve1) && UInt256.TryMultiplyDivide(amount0, reserve1, reserve0, out var amount1)
            ? amount1
            : null;

    private static bool AreReserves(UInt128 reserve0, UInt128 reserve1) =>
        reserve0 != UInt128.Zero && reserve1 != UInt128.Zero && reserve0 <= PoolLeaf.MaxReserve && reserve1 <= PoolLeaf.MaxReserve;

    private static Refusal Overflow() => new("pool.overflow", $"a reserve exceeds {PoolLeaf.ReserveBits} bits");

    /// <summary>
    /// The protocol's sixth of the growth of √k since liquidity last came or went, as new shares (white paper, section 2.4). Without a recipient the
    /// memory of that moment ends.
    /// </summary>
    private static bool TryTakeFee(in PoolLeaf pool, UInt128 totalSupply, bool protocolFee, out PoolLeaf current, out UInt128 liquidity)
    {
        (current, liquidity) = (pool, UInt128.Zero);
        if (!protocolFee)
        {
            current = pool with { LastProduct = UInt256.Zero };
            return true;
        }

        if (pool.LastProduct == UInt256.Zero)
            return true;
        var root = UInt256.Multiply(pool.Reserve0, pool.Reserve1).SquareRoot();
        var lastRoot = pool.LastProduct.SquareRoot();
        return root <= lastRoot || UInt256.TryMultiplyDivide(totalSupply, root - lastRoot, (root * 5) + lastRoot, out liquidity);
    }

    /// <summary>Takes the balances over as reserves, and the prices so far into the sums over time. False where a balance exceeds a reserve's bits.</summary>
    private static bool TryCount(in PoolLeaf pool, uint height, out PoolLeaf counted)
    {
        counted = pool;
        if (pool.Balance0 > PoolLeaf.MaxReserve || pool.Balance1 > PoolLeaf.MaxReserve)
            return false;
        var elapsed = unchecked(height - pool.LastHeight);
        counted = pool with { Reserve0 = pool.Balance0, Reserve1 = pool.Balance1, LastHeight = height };
        if (elapsed != 0 && pool.Reserve0 != UInt128.Zero && pool.Reserve1 != UInt128.Zero)
        {
            counted = counted with
            {
                CumulativePrice0 = Accumulate(pool.CumulativePrice0, pool.Reserve1, pool.Reserve0, elapsed),
                CumulativePrice1 = Accumulate(pool.CumulativePrice1, pool.Reserve0, pool.Reserve1, elapsed),
            };
        }

        return true;
    }

    /// <summary>sum + elapsed·⌊numerator·2¹¹²/denominator⌋ modulo 2²⁵⁶; who reads the sums takes differences, which the wrapping leaves as they are.</summary>
    private static UInt256 Accumulate(UInt256 sum, UInt128 numerator, UInt128 denominator, uint elapsed)
    {
        var price = UInt256.DivRem(UInt256.Multiply(numerator, UInt128.One << PoolLeaf.ReserveBits), denominator).Quotient;
        return UInt256.AddWrapping(sum, UInt256.MultiplyWrapping(price, elapsed));
    }

    private static PoolLeaf Remember(in PoolLeaf pool, bool protocolFee) =>
        protocolFee ? pool with { LastProduct = UInt256.Multiply(pool.Reserve0, pool.Reserve1) } : pool;

    private static bool TryAdd(UInt128 left, UInt128 right, out UInt128 sum)
    {
        sum = unchecked(left + right);
        return sum >= left;
    }
}
