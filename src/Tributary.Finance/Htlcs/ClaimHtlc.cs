using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Htlcs;

/// <summary>Shows the preimage of a contract, which pays its recipient, whoever shows it.</summary>
public sealed record ClaimHtlc(HtlcId Htlc, Bytes32 Preimage) : Operation
{
    public override OperationCode Code => OperationCode.ClaimHtlc;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteUInt64LittleEndian(Htlc.Value);
        writer.WriteBytes32(Preimage);
    }
}
