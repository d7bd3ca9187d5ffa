using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Format;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Decisions;

/// <summary>Policy, model and lists that fit each other; replaced as a whole, so that no decision sees half of a change. Immutable.</summary>
public sealed class DecisionSetup
{
    /// <summary>Confirmed bad outcomes of the merchant's own below which a model only informs or sends to review, whatever is configured.</summary>
    public const int LeastBadOutcomes = 200;

    private DecisionSetup(DecisionParts parts)
    {
        Parts = parts;
        SchemaHash = SchemaEntry.HashOf(parts.Policy.Schema);
    }

    /// <summary>What it was put together from.</summary>
    public DecisionParts Parts { get; }

    /// <summary>What decisions are about.</summary>
    public PolicySchema Schema => Parts.Policy.Schema;

    /// <summary>The schema's hash, as the journal refers to it.</summary>
    public Bytes32 SchemaHash { get; }

    /// <summary>True when the model may decide; false in the cold start.</summary>
    public bool ModelMayDecide => Parts.Outcomes.ConfirmedBadOutcomes >= Math.Max(LeastBadOutcomes, Parts.RequiredBadOutcomes);

    /// <summary>
    /// Puts a setup together. Refused: a model, challenger, explainer or shadow policy of another schema; a protected attribute among features or
    /// facts; more features or facts than the journal holds.
    /// </summary>
    public static Result<DecisionSetup, Refusal> Create(DecisionParts parts)
    {
        var schema = parts.Policy.Schema;
        if (parts.Protected.Check(schema.Features) is { } protectedFeature)
            return protectedFeature;
        if (parts.Protected.Check(schema.Facts.Select(static fact => fact.Name)) is { } protectedFact)
            return protectedFact;
        if (schema.Features.Count > JournalLimits.MaxFeatures || schema.Facts.Length > JournalLimits.MaxFacts)
            return new Refusal("schema", $"A decision has at most {JournalLimits.MaxFeatures} features and {JournalLimits.MaxFacts} facts.");
        if (parts.MaxReasons is < 0 or > JournalLimits.MaxReasons)
            return new Refusal("max_reasons", $"A decision keeps 0 to {JournalLimits.MaxReasons} reasons.");
        if ((CheckModel(parts.Model, "model", schema) ?? CheckModel(parts.Challenger, "challenger", schema)) is { } wrongModel)
            return wrongModel;
        if (parts.ShadowPolicy is { } shadow && !IsSame(shadow.Schema, schema))
            return new Refusal("shadow_policy", "The policy in shadow was compiled against another schema: compile it against the live one.");
        return new DecisionSetup(parts);
    }

    private static Refusal? CheckModel(ModelInUse? model, string field, PolicySchema schema)
    {
        if (model is null)
            return null;
        if (!model.Model.Schema.Equals(schema.Features))
            return new Refusal(field, $"\"{model.Name}\" scores other features than the policy's schema has.");
        return model.Explainer is { } explainer && !explainer.Schema.Equals(schema.Features)
            ? new Refusal(field, $"The explainer of \"{model.Name}\" explains other features than the policy's schema has.")
            : null;
    }

    private static bool IsSame(PolicySchema left, PolicySchema right) =>
        ReferenceEquals(left, right) || SchemaEntry.HashOf(left).Equals(SchemaEntry.HashOf(right));
}
