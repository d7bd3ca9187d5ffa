using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Pools;

/// <summary>What the pool holds beyond its reserves goes to the caller.</summary>
public sealed record Skim(AssetId Asset0, AssetId Asset1) : Operation
{
    public override OperationCode Code => OperationCode.Skim;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset0);
        writer.WriteAsset(Asset1);
    }
}
