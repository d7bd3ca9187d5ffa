using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Assets;

/// <summary>Coins that arrived on Bitcoin become units in an account. Deposits are numbered without gaps, so none is taken twice.</summary>
public sealed record Deposit(ulong Number, AssetId Asset, AccountId To, Amount Amount) : Operation
{
    public override OperationCode Code => OperationCode.Deposit;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteUInt64LittleEndian(Number);
        writer.WriteAsset(Asset);
        writer.WriteAccount(To);
        writer.WriteAmount(Amount);
    }
}
