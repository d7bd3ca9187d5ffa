using System.Collections.Immutable;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Decisions;

/// <summary>A decision as analysts see it, with score, rule and reasons. Never for the payer: they get a <see cref="PayerNotice"/>.</summary>
/// <param name="Entry">What the journal keeps.</param>
/// <param name="Setup">What decided.</param>
public sealed record AnalystDecision(DecisionEntry Entry, DecisionSetup Setup)
{
    /// <summary>The verdict.</summary>
    public Verdict Verdict => Entry.Outcome.Verdict;

    /// <summary>The rule that decided; null where none did.</summary>
    public PolicyRule? Rule => Entry.Outcome.Rule >= 0 ? Setup.Parts.Policy.Rules[Entry.Outcome.Rule] : null;

    /// <summary>What the payer is told.</summary>
    public PayerNotice ForPayer() => new(Entry.Id, Entry.Category, Entry.Category != PayerCategory.Accepted);

    /// <summary>The reasons for the score in sentences.</summary>
    public ImmutableArray<ReasonCode> Reasons(ReasonWriter writer)
    {
        var contributions = new double[Entry.Features.Length];
        foreach (var (feature, amount) in Entry.Reasons)
            contributions[feature] = amount;
        return writer.Write(Entry.Features.AsSpan(), contributions);
    }
}
