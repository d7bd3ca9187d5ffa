using System.Buffers.Binary;
using Tributary.Finance.Amounts;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Htlcs;

/// <summary>A hash time-locked contract: who gets the amount is fixed, the preimage and the height decide which of the two.</summary>
/// <param name="Sender">Who gets it back from the timeout on.</param>
/// <param name="Recipient">Who gets it before, with the preimage.</param>
/// <param name="Asset">Of what.</param>
/// <param name="Amount">How much.</param>
/// <param name="Hash">SHA-256 of the preimage.</param>
/// <param name="Timeout">The first height at which it is refunded and no longer claimed.</param>
public readonly record struct HtlcLeaf(AccountId Sender, AccountId Recipient, AssetId Asset, Amount Amount, Bytes32 Hash, uint Timeout) : ILeaf<HtlcLeaf>
{
    public static int Length => (4 * sizeof(uint)) + Amount.Length + Bytes32.Length;

    public bool IsEmpty => Amount.IsZero;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Sender.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Recipient.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Asset.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[12..], Amount.Units);
        Hash.Span.CopyTo(destination[28..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[60..], Timeout);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out HtlcLeaf leaf)
    {
        leaf = new HtlcLeaf(
            new AccountId(BinaryPrimitives.ReadUInt32LittleEndian(source)),
            new AccountId(BinaryPrimitives.ReadUInt32LittleEndian(source[4..])),
            new AssetId(BinaryPrimitives.ReadUInt32LittleEndian(source[8..])),
            new Amount(BinaryPrimitives.ReadUInt128LittleEndian(source[12..])),
            new Bytes32(source.Slice(28, Bytes32.Length)),
            BinaryPrimitives.ReadUInt32LittleEndian(source[60..]));
        return true;
    }
}
