using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Sequencing;

/// <summary>An operation that was answered for, with what made it good.</summary>
internal readonly record struct TakenOperation(OperationRequest Request, byte[] Signature, Bytes32 Digest);
