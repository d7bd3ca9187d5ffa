using Tributary.Finance.Operations;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Engine;

/// <summary>How a module reads and carries out one of its operations, by type.</summary>
internal sealed class OperationHandler<T>(OperationCode code, AuthorisationRule rule, BodyReader readBody, Func<Execution, T, Refusal?> apply)
    : OperationHandler(code, rule, readBody)
    where T : Operation
{
    internal override Refusal? Apply(Execution run, Operation operation) => apply(run, (T)operation);
}
