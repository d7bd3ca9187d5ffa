namespace Tributary.Payments.Reconciliation;

/// <summary>One comparison of the books with the world, in millisatoshis.</summary>
/// <param name="Name">What is compared ("lightning", "on_chain", "lightning_held").</param>
/// <param name="Ledger">What the ledger's accounts say.</param>
/// <param name="UnderWay">What has happened outside and is not in the ledger yet, found one by one; negative for what is in the ledger first.</param>
/// <param name="Actual">What channels, outputs and HTLCs add up to.</param>
public sealed record BookLine(string Name, long Ledger, long UnderWay, long Actual)
{
    /// <summary>What is missing outside; negative for what is there and nobody knows of. Zero, or something is wrong.</summary>
    public long Difference => checked(Ledger + UnderWay - Actual);
}
