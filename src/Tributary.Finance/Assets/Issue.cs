using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Assets;

/// <summary>The issuer makes units of its asset in an account.</summary>
public sealed record Issue(AssetId Asset, AccountId To, Amount Amount) : Operation
{
    public override OperationCode Code => OperationCode.Issue;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset);
        writer.WriteAccount(To);
        writer.WriteAmount(Amount);
    }
}
