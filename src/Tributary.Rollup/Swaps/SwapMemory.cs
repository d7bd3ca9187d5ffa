using Tributary.Primitives.Bytes;
using Tributary.Rollup.Batches;

namespace Tributary.Rollup.Swaps;

/// <summary>What a party knows that no block shows; all of it is on disk.</summary>
/// <param name="Role">Who the party is.</param>
/// <param name="Terms">What was agreed on.</param>
/// <param name="Margins">What the party relies on.</param>
/// <param name="Preimage">The client's.</param>
public sealed record SwapMemory(SwapRole Role, SwapTerms Terms, SwapMargins Margins, Bytes32? Preimage)
{
    /// <summary>The party may have locked.</summary>
    public bool HasLocked { get; init; }

    /// <summary>The signed lock of the rollup, to be handed in as often as needed: the same bytes count once.</summary>
    public ForcedOperation? Lock { get; init; }

    /// <summary>The client may have shown the preimage.</summary>
    public bool HasRevealed { get; init; }

    /// <summary>The party has given up: it locks nothing any more and shows no preimage, and takes back what it has locked.</summary>
    public bool IsAborted { get; init; }

    /// <summary>How it ended; null while it goes on.</summary>
    public SwapStep? Outcome { get; init; }
}
