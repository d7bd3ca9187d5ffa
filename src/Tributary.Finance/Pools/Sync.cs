using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Pools;

/// <summary>The pool counts what it holds as its reserves.</summary>
public sealed record Sync(AssetId Asset0, AssetId Asset1) : Operation
{
    public override OperationCode Code => OperationCode.Sync;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset0);
        writer.WriteAsset(Asset1);
    }
}
