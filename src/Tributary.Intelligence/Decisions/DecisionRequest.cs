using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;

namespace Tributary.Intelligence.Decisions;

/// <summary>What is to be decided.</summary>
public readonly ref struct DecisionRequest
{
    /// <summary>Where in the payment's life.</summary>
    public required DecisionPoint Point { get; init; }

    /// <summary>The features in the order of the schema; NaN is missing.</summary>
    public required ReadOnlySpan<float> Features { get; init; }

    /// <summary>The facts in the order of the schema; identities as pseudonyms.</summary>
    public required ReadOnlySpan<FactValue> Facts { get; init; }

    /// <summary>The rail that it is about, or null.</summary>
    public string? Rail { get; init; }

    /// <summary>The timestamp (of the engine's clock) at which the decision began, when features had to be fetched first: the budget counts from there. Null for now.</summary>
    public long? StartedTimestamp { get; init; }

    /// <summary>True when reasons are wanted.</summary>
    public bool WithReasons { get; init; }
}
