using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Htlcs;

/// <summary>Ends a contract whose time is up, which pays its sender, whoever asks.</summary>
public sealed record RefundHtlc(HtlcId Htlc) : Operation
{
    public override OperationCode Code => OperationCode.RefundHtlc;

    public override void WriteBody(ByteWriter writer) => writer.WriteUInt64LittleEndian(Htlc.Value);
}
