using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;

namespace Tributary.Intelligence.Decisions;

/// <summary>What a <see cref="DecisionSetup"/> is put together from.</summary>
/// <param name="Policy">The policy that decides.</param>
/// <param name="Lists">Its lists.</param>
/// <param name="Outcomes">The merchant's confirmed outcomes.</param>
/// <param name="Protected">What must not enter decisions.</param>
public sealed record DecisionParts(CompiledPolicy Policy, PolicyLists Lists, IConfirmedOutcomes Outcomes, ProtectedAttributes Protected)
{
    /// <summary>The model that scores; null for a merchant who has rules alone.</summary>
    public ModelInUse? Model { get; init; }

    /// <summary>A model that scores beside it without effect.</summary>
    public ModelInUse? Challenger { get; init; }

    /// <summary>A policy that decides beside the live one without effect.</summary>
    public CompiledPolicy? ShadowPolicy { get; init; }

    /// <summary>Confirmed bad outcomes from which on the model may decide; never below <see cref="DecisionSetup.LeastBadOutcomes"/>.</summary>
    public int RequiredBadOutcomes { get; init; } = DecisionSetup.LeastBadOutcomes;

    /// <summary>Reasons kept with a decision at most.</summary>
    public int MaxReasons { get; init; } = 8;
}
