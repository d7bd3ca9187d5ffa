namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>What the chain says to a block.</summary>
/// <param name="IsActive">It is on the active chain now.</param>
/// <param name="Reason">Null when it is, else Bitcoin Core's word: "inconclusive" for a valid block beside the active chain, "duplicate", "bad-cb-amount".</param>
public sealed record BlockVerdict(bool IsActive, string? Reason);
