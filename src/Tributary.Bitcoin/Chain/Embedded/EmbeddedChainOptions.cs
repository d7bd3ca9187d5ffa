namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>How to run an embedded chain.</summary>
public sealed record EmbeddedChainOptions
{
    /// <summary>The folder that keeps the chain, which it has for itself; null for one that lives in memory only.</summary>
    public string? Path { get; init; }

    /// <summary>Mines by the clock; null to mine on demand only.</summary>
    public MiningClock? Clock { get; init; }
}
