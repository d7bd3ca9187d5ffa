using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Assets;

/// <summary>Makes an asset that the caller may issue up to a limit; it has the next number.</summary>
public sealed record CreateAsset(byte Decimals, Amount Limit, Bytes32 Metadata) : Operation
{
    public override OperationCode Code => OperationCode.CreateAsset;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteByte(Decimals);
        writer.WriteAmount(Limit);
        writer.WriteBytes32(Metadata);
    }
}
