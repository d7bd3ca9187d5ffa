using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain;

/// <summary>Who spends an output.</summary>
/// <param name="Spender">The spending transaction, or null when nothing spends it.</param>
/// <param name="InputIndex">The input that does, −1 for none.</param>
/// <param name="Height">The block of the spender, or null while it is in the mempool (or there is none).</param>
public sealed record Outspend(Transaction? Spender, int InputIndex, int? Height);
