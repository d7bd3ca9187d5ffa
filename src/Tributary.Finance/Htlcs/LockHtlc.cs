using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Htlcs;

/// <summary>The caller locks an amount for a recipient who shows a preimage before a height. The contract has the next number.</summary>
public sealed record LockHtlc(AssetId Asset, AccountId Recipient, Amount Amount, Bytes32 Hash, uint Timeout) : Operation
{
    /// <summary>The longest lock, in blocks: about a year.</summary>
    public const uint MaxBlocks = 52_560;

    public override OperationCode Code => OperationCode.LockHtlc;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset);
        writer.WriteAccount(Recipient);
        writer.WriteAmount(Amount);
        writer.WriteBytes32(Hash);
        writer.WriteUInt32LittleEndian(Timeout);
    }
}
