using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Transfers;

/// <summary>Units of an asset go from the caller to another account.</summary>
public sealed record Transfer(AssetId Asset, AccountId To, Amount Amount) : Operation
{
    public override OperationCode Code => OperationCode.Transfer;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset);
        writer.WriteAccount(To);
        writer.WriteAmount(Amount);
    }
}
