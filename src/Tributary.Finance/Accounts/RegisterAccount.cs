using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Accounts;

/// <summary>Opens an account for a key. Whoever asks, account or system, pays; the account has the next number.</summary>
public sealed record RegisterAccount(Bytes32 KeyRoot, KeyParameters Key) : Operation
{
    public override OperationCode Code => OperationCode.RegisterAccount;

    public override void WriteBody(ByteWriter writer) => AccountsModule.WriteKey(writer, KeyRoot, Key);
}
