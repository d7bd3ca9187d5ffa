using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Accounts;

/// <summary>Puts another key in place of the caller's. Its indices start at 0; those of the old key sign nothing any more.</summary>
public sealed record RotateKey(Bytes32 KeyRoot, KeyParameters Key) : Operation
{
    public override OperationCode Code => OperationCode.RotateKey;

    public override void WriteBody(ByteWriter writer) => AccountsModule.WriteKey(writer, KeyRoot, Key);
}
