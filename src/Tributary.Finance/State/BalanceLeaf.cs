using System.Buffers.Binary;
using Tributary.Finance.Amounts;

namespace Tributary.Finance.State;

/// <summary>What an account has of an asset. Nothing is no leaf.</summary>
public readonly record struct BalanceLeaf(Amount Amount) : ILeaf<BalanceLeaf>
{
    public static int Length => Amount.Length;

    public bool IsEmpty => Amount.IsZero;

    /// <summary>The address of a balance.</summary>
    public static ulong Address(AccountId account, AssetId asset) => LeafKey.Pair(account.Value, asset.Value);

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128LittleEndian(destination, Amount.Units);

    public static bool TryRead(ReadOnlySpan<byte> source, out BalanceLeaf leaf)
    {
        leaf = new BalanceLeaf(new Amount(BinaryPrimitives.ReadUInt128LittleEndian(source)));
        return true;
    }
}
