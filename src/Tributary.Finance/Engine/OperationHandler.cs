using Tributary.Finance.Operations;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Engine;

/// <summary>How a module reads and carries out one of its operations.</summary>
public abstract class OperationHandler
{
    private protected OperationHandler(OperationCode code, AuthorisationRule rule, BodyReader readBody)
    {
        (Code, Rule, ReadBody) = (code, rule, readBody);
    }

    public OperationCode Code { get; }

    /// <summary>Who may ask for it.</summary>
    public AuthorisationRule Rule { get; }

    internal BodyReader ReadBody { get; }

    /// <summary>Carries the operation out, or says why not; what it has changed by then is taken back by the engine.</summary>
    internal abstract Refusal? Apply(Execution run, Operation operation);
}
