using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Pools;

/// <summary>The caller brings amounts of both assets and gets shares, for the amount that is worth less in the pool; what the other has too much stays with the pool.</summary>
public sealed record AddLiquidity(AssetId Asset0, AssetId Asset1, Amount Amount0, Amount Amount1, Amount MinimumLiquidity) : Operation
{
    public override OperationCode Code => OperationCode.AddLiquidity;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset0);
        writer.WriteAsset(Asset1);
        writer.WriteAmount(Amount0);
        writer.WriteAmount(Amount1);
        writer.WriteAmount(MinimumLiquidity);
    }
}
