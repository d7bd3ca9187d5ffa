using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Rollup.Operating;

/// <summary>What an envelope's transaction pays, and who is told before a node sees it.</summary>
/// <param name="Before">What the last transaction for the same envelope pays, as the caller has it on disk; null where there was none.</param>
/// <param name="Wanted">What the caller wants it to pay; null leaves it to the node's estimate.</param>
/// <param name="Noting">Makes the transaction and its feerate durable: it is handed in when this completes.</param>
public sealed record PostPrice(FeeratePerKvB? Before, FeeratePerKvB? Wanted, Func<Transaction, FeeratePerKvB, Task>? Noting)
{
    /// <summary>Nothing is known and nothing wanted.</summary>
    public static PostPrice Estimated { get; } = new(null, null, null);
}
