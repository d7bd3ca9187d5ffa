using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Pools;

/// <summary>The caller gives up shares and gets their part of the pool.</summary>
public sealed record RemoveLiquidity(AssetId Asset0, AssetId Asset1, Amount Liquidity, Amount MinimumAmount0, Amount MinimumAmount1) : Operation
{
    public override OperationCode Code => OperationCode.RemoveLiquidity;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset0);
        writer.WriteAsset(Asset1);
        writer.WriteAmount(Liquidity);
        writer.WriteAmount(MinimumAmount0);
        writer.WriteAmount(MinimumAmount1);
    }
}
