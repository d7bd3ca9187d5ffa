using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Pools;

/// <summary>Makes the empty pool of two assets. The lower number comes first, and there is one pool of a pair.</summary>
public sealed record CreatePool(AssetId Asset0, AssetId Asset1) : Operation
{
    public override OperationCode Code => OperationCode.CreatePool;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset0);
        writer.WriteAsset(Asset1);
    }
}
