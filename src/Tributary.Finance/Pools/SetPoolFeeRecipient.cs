using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Pools;

/// <summary>The operator says who gets the protocol fee of all pools; account 0 turns it off.</summary>
public sealed record SetPoolFeeRecipient(AccountId Recipient) : Operation
{
    public override OperationCode Code => OperationCode.SetPoolFeeRecipient;

    public override void WriteBody(ByteWriter writer) => writer.WriteAccount(Recipient);
}
