namespace Tributary.Proofs.Air;

/// <summary>One thing that a witness gets wrong.</summary>
/// <param name="Place">The table, or the bus.</param>
/// <param name="Row">The row; −1 for a bus.</param>
/// <param name="Constraint">The constraint by its number in the table; −1 for a bus.</param>
/// <param name="Reason">In words.</param>
public sealed record TraceFault(string Place, int Row, int Constraint, string Reason);
