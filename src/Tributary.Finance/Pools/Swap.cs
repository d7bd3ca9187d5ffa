using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Pools;

/// <summary>The caller brings amounts in and takes amounts out; out comes first, so what comes out may be what goes in.</summary>
public sealed record Swap(AssetId Asset0, AssetId Asset1, Amount Amount0In, Amount Amount1In, Amount Amount0Out, Amount Amount1Out) : Operation
{
    public override OperationCode Code => OperationCode.Swap;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset0);
        writer.WriteAsset(Asset1);
        writer.WriteAmount(Amount0In);
        writer.WriteAmount(Amount1In);
        writer.WriteAmount(Amount0Out);
        writer.WriteAmount(Amount1Out);
    }
}
