namespace Tributary.Proofs.Air;

/// <summary>
/// A channel between tables: what is sent on it, counted with multiplicity, must be what is received. Messages of one bus have one width; the number
/// tells buses apart within a machine.
/// </summary>
/// <param name="Number">Distinct within a machine, from 0 to 65,535.</param>
/// <param name="Width">Elements of a message.</param>
/// <param name="Name">For people.</param>
public sealed record Bus(int Number, int Width, string Name);
