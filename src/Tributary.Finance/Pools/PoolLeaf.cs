using System.Buffers.Binary;
using Tributary.Finance.Amounts;
using Tributary.Finance.Numerics;
using Tributary.Finance.State;

namespace Tributary.Finance.Pools;

/// <summary>
/// A constant-product pool of two assets. Balances are what it holds; reserves are what it last counted, and prices go by them. The two differ by
/// what was donated since.
/// </summary>
public readonly record struct PoolLeaf : ILeaf<PoolLeaf>
{
    /// <summary>The bits of a reserve.</summary>
    public const int ReserveBits = 112;

    /// <summary>The most that a reserve can be.</summary>
    public static readonly UInt128 MaxReserve = (UInt128.One << ReserveBits) - 1;

    public static int Length => sizeof(uint) + (4 * Amount.Length) + (3 * UInt256.Length) + sizeof(uint);

    /// <summary>The asset of shares in the pool.</summary>
    public AssetId Liquidity { get; init; }

    public UInt128 Reserve0 { get; init; }

    public UInt128 Reserve1 { get; init; }

    public UInt128 Balance0 { get; init; }

    public UInt128 Balance1 { get; init; }

    /// <summary>The product of the reserves after liquidity last came or went, while there is a protocol fee; otherwise zero.</summary>
    public UInt256 LastProduct { get; init; }

    /// <summary>Σ reserve1/reserve0 over the blocks so far, 112 binary places, modulo 2²⁵⁶.</summary>
    public UInt256 CumulativePrice0 { get; init; }

    /// <summary>Σ reserve0/reserve1 over the blocks so far, 112 binary places, modulo 2²⁵⁶.</summary>
    public UInt256 CumulativePrice1 { get; init; }

    /// <summary>The height of the last count.</summary>
    public uint LastHeight { get; init; }

    public bool IsEmpty => Liquidity == default;

    /// <summary>The address of the pool of two assets, the lower number first.</summary>
    public static ulong Address(AssetId asset0, AssetId asset1) => LeafKey.Pair(asset0.Value, asset1.Value);

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Liquidity.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[4..], Reserve0);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[20..], Reserve1);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[36..], Balance0);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[52..], Balance1);
        LastProduct.Write(destination[68..]);
        CumulativePrice0.Write(destination[100..]);
        CumulativePrice1.Write(destination[132..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[164..], LastHeight);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out PoolLeaf leaf)
    {
        leaf = new PoolLeaf
        {
            Liquidity = new AssetId(BinaryPrimitives.ReadUInt32LittleEndian(source)),
            Reserve0 = BinaryPrimitives.ReadUInt128LittleEndian(source[4..]),
            Reserve1 = BinaryPrimitives.ReadUInt128LittleEndian(source[20..]),
            Balance0 = BinaryPrimitives.ReadUInt128LittleEndian(source[36..]),
            Balance1 = BinaryPrimitives.ReadUInt128LittleEndian(source[52..]),
            LastProduct = UInt256.Read(source[68..]),
            CumulativePrice0 = UInt256.Read(source[100..]),
            CumulativePrice1 = UInt256.Read(source[132..]),
            LastHeight = BinaryPrimitives.ReadUInt32LittleEndian(source[164..]),
        };
        return leaf.Reserve0 <= MaxReserve && leaf.Reserve1 <= MaxReserve && leaf.Reserve0 <= leaf.Balance0 && leaf.Reserve1 <= leaf.Balance1;
    }
}
