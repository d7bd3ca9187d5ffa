using Tributary.Primitives.Amounts;

namespace Tributary.Rollup.Swaps.Providing;

/// <summary>What an operator offers to exchange.</summary>
public sealed record SwapProviderOptions
{
    /// <summary>Take new swaps. Otherwise those that it has locked for are seen to their end, and it locks for no other.</summary>
    public bool TakesNew { get; init; } = true;

    /// <summary>The least amount.</summary>
    public Satoshis AmountMin { get; init; } = new(10_000);

    /// <summary>The largest amount.</summary>
    public Satoshis AmountMax { get; init; } = new(1_000_000);

    /// <summary>What each swap costs, besides the provider's transaction on Bitcoin.</summary>
    public Satoshis FeeBase { get; init; } = new(200);

    /// <summary>What is added for each million.</summary>
    public int FeePpm { get; init; } = 2_000;

    /// <summary>Blocks in which a client has to begin.</summary>
    public int QuoteBlocks { get; init; } = 6;

    /// <summary>What the provider relies on.</summary>
    public SwapMargins Margins { get; init; } = new();

    /// <summary>How much strangers may take up.</summary>
    public SwapLimits Limits { get; init; } = new();

    /// <summary>The most that a post on Bitcoin may ever pay.</summary>
    public FeeratePerKvB FeerateMax { get; init; } = new(50_000);

    /// <summary>How often it looks after swaps, besides with every block.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);
}
