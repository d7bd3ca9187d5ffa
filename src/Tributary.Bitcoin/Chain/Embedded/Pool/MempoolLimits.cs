using Tributary.Bitcoin.Policy;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>The bounds of the embedded chain's mempool; relay policy and families as in Bitcoin Core 29.</summary>
internal static class MempoolLimits
{
    /// <summary>What is relayed.</summary>
    internal static PolicyLimits Policy => PolicyLimits.Default;

    /// <summary>Transactions in a chain of ancestors or a family of descendants, the transaction itself counted.</summary>
    internal const int FamilyCountMax = 25;

    /// <summary>Virtual bytes of the same.</summary>
    internal const int FamilyVirtualBytesMax = 101_000;

    /// <summary>The largest transaction that the carve-out lets in.</summary>
    internal const int CarveOutVirtualBytesMax = 10_000;

    /// <summary>Virtual bytes of all transactions: five full blocks. What pays least is thrown out at the bound.</summary>
    internal const int VirtualBytesMax = 5_000_000;

    /// <summary>Two weeks, in seconds; then a transaction is given up.</summary>
    internal const long ExpirySeconds = 336 * 60 * 60;
}
