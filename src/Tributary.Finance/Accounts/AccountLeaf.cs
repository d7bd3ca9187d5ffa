using System.Buffers.Binary;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Accounts;

/// <summary>An account.</summary>
/// <param name="KeyRoot">The root over its one-time keys.</param>
/// <param name="Key">What else its key is made of.</param>
/// <param name="NextIndex">The least index that may sign.</param>
public readonly record struct AccountLeaf(Bytes32 KeyRoot, KeyParameters Key, uint NextIndex) : ILeaf<AccountLeaf>
{
    public static int Length => Bytes32.Length + KeyParameters.Length + sizeof(uint);

    public bool IsEmpty => Key.Scheme == 0;

    public void Write(Span<byte> destination)
    {
        KeyRoot.Span.CopyTo(destination);
        destination[32] = Key.Scheme;
        destination[33] = Key.LogLifetime;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[34..], NextIndex);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out AccountLeaf leaf)
    {
        leaf = new AccountLeaf(
            new Bytes32(source[..32]),
            new KeyParameters(source[32], source[33]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[34..]));
        return leaf.Key.IsValid && KeyParameters.IsRoot(leaf.KeyRoot) && leaf.NextIndex <= leaf.Key.LastIndex + 1;
    }
}
