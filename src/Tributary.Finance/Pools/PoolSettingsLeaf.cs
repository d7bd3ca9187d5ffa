using System.Buffers.Binary;
using Tributary.Finance.Amounts;
using Tributary.Finance.State;

namespace Tributary.Finance.Pools;

/// <summary>What holds for all pools.</summary>
/// <param name="FeeRecipient">Who gets the protocol's sixth of the growth of pools; nobody turns it off.</param>
public readonly record struct PoolSettingsLeaf(AccountId FeeRecipient) : ILeaf<PoolSettingsLeaf>
{
    public static int Length => sizeof(uint);

    public bool IsEmpty => FeeRecipient == AccountId.Nobody;

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32LittleEndian(destination, FeeRecipient.Value);

    public static bool TryRead(ReadOnlySpan<byte> source, out PoolSettingsLeaf leaf)
    {
        leaf = new PoolSettingsLeaf(new AccountId(BinaryPrimitives.ReadUInt32LittleEndian(source)));
        return true;
    }
}
