namespace Tributary.Finance.Operations;

/// <summary>What the engine is told besides the operation.</summary>
/// <param name="Height">Rollup time: the Bitcoin height up to which the forced queue has been consumed. It never goes back.</param>
/// <param name="Source">How the operation came.</param>
public readonly record struct OperationContext(uint Height, OperationSource Source);
