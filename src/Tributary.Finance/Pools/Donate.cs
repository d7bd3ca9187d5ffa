using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Pools;

/// <summary>The caller gives to the pool for nothing. Whoever comes next with liquidity or a swap has the use of it, unless a count comes before.</summary>
public sealed record Donate(AssetId Asset0, AssetId Asset1, Amount Amount0, Amount Amount1) : Operation
{
    public override OperationCode Code => OperationCode.Donate;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset0);
        writer.WriteAsset(Asset1);
        writer.WriteAmount(Amount0);
        writer.WriteAmount(Amount1);
    }
}
