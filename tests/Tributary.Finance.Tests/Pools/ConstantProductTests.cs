using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Finance.Amounts;
using Tributary.Finance.Pools;

namespace Tributary.Finance.Tests.Pools;

public sealed class ConstantProductTests
{
    private static PoolLeaf Pool(UInt128 reserve0, UInt128 reserve1) =>
        new() { Liquidity = new AssetId(9), Reserve0 = reserve0, Reserve1 = reserve1, Balance0 = reserve0, Balance1 = reserve1 };

    private static UInt128 Reserve(ulong seed, byte shift) => 1 + ((new UInt128(seed, seed * 0x9e3779b97f4a7c15) & PoolLeaf.MaxReserve) >> (shift % 112));

    [Fact]
    public void The_best_output_is_taken_and_one_more_is_not() => Check.QuickThrowOnFailure(Prop.ForAll((ulong a, ulong b, byte shift) =>
    {
        var (reserve0, reserve1) = (UInt128.Min(Reserve(a, shift), PoolLeaf.MaxReserve / 2), Reserve(b, (byte)(shift * 7)));
        var amountIn = UInt128.Min(Reserve(a ^ b, (byte)(shift * 5)), PoolLeaf.MaxReserve - reserve0);
        if (ConstantProduct.AmountOut(amountIn, reserve0, reserve1) is not { } amountOut)
            return;
        var exact = (BigInteger)amountIn * 997 * reserve1 / (((BigInteger)reserve0 * 1000) + ((BigInteger)amountIn * 997));
        Assert.Equal(exact, (BigInteger)amountOut);
        var pool = Pool(reserve0, reserve1) with { Balance0 = reserve0 + amountIn };
        if (amountOut != UInt128.Zero)
        {
            var after = ConstantProduct.Swap(pool, 0, amountOut, 1);
            Assert.True(after.IsOk, after.ToString());
            Assert.True((BigInteger)after.Value.Pool.Reserve0 * after.Value.Pool.Reserve1 >= (BigInteger)reserve0 * reserve1);
        }

        Assert.False(ConstantProduct.Swap(pool, 0, amountOut + 1, 1).IsOk);
    }));

    [Fact]
    public void The_least_input_suffices() => Check.QuickThrowOnFailure(Prop.ForAll((ulong a, ulong b, byte shift) =>
    {
        var (reserve0, reserve1) = (Reserve(a, shift), Reserve(b, (byte)(shift * 7)));
        var amountOut = Reserve(a + b, (byte)(shift * 3)) % reserve1;
        if (ConstantProduct.AmountIn(amountOut, reserve0, reserve1) is not { } amountIn || reserve0 + amountIn > PoolLeaf.MaxReserve)
            return;
        var swap = ConstantProduct.Swap(Pool(reserve0, reserve1) with { Balance0 = reserve0 + amountIn }, 0, amountOut, 1);
        Assert.True(swap.IsOk, swap.ToString());
        Assert.True(ConstantProduct.AmountOut(amountIn, reserve0, reserve1) >= amountOut);
    }));

    [Fact]
    public void Figures_outside_of_a_pool_have_no_price()
    {
        Assert.Null(ConstantProduct.AmountOut(0, 1, 1));
        Assert.Null(ConstantProduct.AmountOut(1, 0, 1));
        Assert.Null(ConstantProduct.AmountOut(1, 1, 0));
        Assert.Null(ConstantProduct.AmountOut(UInt128.MaxValue, 1, 1));
        Assert.Null(ConstantProduct.AmountOut(1, UInt128.MaxValue, 1));
        Assert.Null(ConstantProduct.AmountIn(1, 1, 1));
        Assert.Null(ConstantProduct.AmountIn(0, 1, 5));
        Assert.Null(ConstantProduct.AmountIn(1, UInt128.MaxValue, 5));
        Assert.Null(ConstantProduct.Quote(1, 0, 1));
        Assert.Equal((UInt128)6, ConstantProduct.Quote(3, 5, 11));
    }

    [Fact]
    public void A_pool_leaf_has_one_encoding()
    {
        var leaf = Pool(5, 6) with { LastProduct = UInt128.MaxValue, CumulativePrice0 = new(1, 2), CumulativePrice1 = new(3, 4), LastHeight = 7 };
        Span<byte> bytes = stackalloc byte[PoolLeaf.Length];
        leaf.Write(bytes);
        Assert.True(PoolLeaf.TryRead(bytes, out var read));
        Assert.Equal(leaf, read);
        (leaf with { Balance0 = 4 }).Write(bytes);
        Assert.False(PoolLeaf.TryRead(bytes, out _));
        Pool(PoolLeaf.MaxReserve + 1, 6).Write(bytes);
        Assert.False(PoolLeaf.TryRead(bytes, out _));
    }
}
