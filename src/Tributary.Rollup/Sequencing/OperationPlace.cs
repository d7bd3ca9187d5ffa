namespace Tributary.Rollup.Sequencing;

/// <summary>Where an operation stands that was taken.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Position">The place among the batch's operations, from 0.</param>
public readonly record struct OperationPlace(ulong Batch, int Position);
