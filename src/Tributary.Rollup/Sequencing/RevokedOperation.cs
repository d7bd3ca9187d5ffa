using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Sequencing;

/// <summary>An operation whose receipt is void, because Bitcoin took back what it stood on.</summary>
/// <param name="Number">Counts them from 1.</param>
/// <param name="Operation">What its receipt names it by.</param>
/// <param name="Request">The operation.</param>
/// <param name="Why">Why it no longer fits.</param>
public sealed record RevokedOperation(ulong Number, Bytes32 Operation, OperationRequest Request, Refusal Why);
