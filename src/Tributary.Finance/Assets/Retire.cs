using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Assets;

/// <summary>The caller gives up units of an issued asset, which then exist no more.</summary>
public sealed record Retire(AssetId Asset, Amount Amount) : Operation
{
    public override OperationCode Code => OperationCode.Retire;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset);
        writer.WriteAmount(Amount);
    }
}
