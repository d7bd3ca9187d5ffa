using System.Buffers.Binary;

namespace Tributary.Finance.State;

/// <summary>The numbers that come next.</summary>
/// <param name="NextAccount">Of an account.</param>
/// <param name="NextAsset">Of an asset.</param>
/// <param name="NextHtlc">Of a hash time-locked contract.</param>
/// <param name="NextDeposit">Of a deposit; each is taken once and in order.</param>
/// <param name="NextWithdrawal">Of a withdrawal.</param>
public readonly record struct CountersLeaf(uint NextAccount, uint NextAsset, ulong NextHtlc, ulong NextDeposit, ulong NextWithdrawal) : ILeaf<CountersLeaf>
{
    public static int Length => 32;

    public bool IsEmpty => this == default;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, NextAccount);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], NextAsset);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], NextHtlc);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], NextDeposit);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], NextWithdrawal);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out CountersLeaf leaf)
    {
        leaf = new CountersLeaf(
            BinaryPrimitives.ReadUInt32LittleEndian(source),
            BinaryPrimitives.ReadUInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[24..]));
        return true;
    }
}
