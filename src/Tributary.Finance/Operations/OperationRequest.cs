namespace Tributary.Finance.Operations;

/// <summary>An operation as it is handed to the engine.</summary>
/// <param name="Operation">What is to happen.</param>
/// <param name="Authorisation">Who asks for it; null where the operation is allowed to anybody, or comes from the system.</param>
public readonly record struct OperationRequest(Operation Operation, Authorisation? Authorisation);
