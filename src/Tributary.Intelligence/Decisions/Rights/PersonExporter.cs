using System.Collections.Immutable;
using System.Text.Json;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>Gathers everything that was decided about one person from a journal.</summary>
public static class PersonExporter
{
    private const string HowItWorks =
        "Each payment is described by data about it and by counts of earlier payments. A statistical model may turn them into a score between 0 and 1: how much the payment "
        + "resembles earlier ones that ended badly. Rules written by the merchant are then read in their order; the first whose condition is met decides whether the payment goes on, "
        + "needs a further proof, waits for a person, or is refused. Identities enter only as pseudonyms. The order in which payment methods are offered follows how often payments of the same kind, and earlier ones of the same payer, "
        + "succeeded with each.";

    private const string Rights =
        "You may have a person look at any of these decisions, state your view and contest it; give the reference of the decision. You may have wrong data corrected, and complain to a "
        + "supervisory authority.";

    /// <summary>Reads the journal once and keeps what concerns the person.</summary>
    /// <param name="journal">The entries, from the first on.</param>
    /// <param name="pseudonyms">Every pseudonym of the person, as the holder of their keys computes them.</param>
    /// <param name="words">How features are spoken of.</param>
    /// <param name="protectedAttributes">What decisions never rest on.</param>
    public static PersonExport Export(
        IEnumerable<JournalItem> journal, IReadOnlySet<string> pseudonyms, IReadOnlyList<FeatureWords> words, ProtectedAttributes protectedAttributes)
    {
        var schemas = new Dictionary<Bytes32, PolicySchema>();
        var policies = new Dictionary<Bytes32, PolicySavedEntry>();
        var models = new Dictionary<Bytes32, string>();
        var labels = new LabelLedger();
        var decisions = new List<DecisionEntry>();
        var concerned = new HashSet<DecisionId>();
        var contests = new Dictionary<DecisionId, DecisionId>();
        var answers = new Dictionary<DecisionId, List<string>>();
        var offers = new OfferHistory(pseudonyms);
        foreach (var item in journal)
        {
            offers.Take(item.Entry);
            switch (item.Entry)
            {
                case SchemaEntry schema:
                    schemas[SchemaEntry.HashOf(schema.Schema)] = schema.Schema;
                    break;
                case PolicySavedEntry policy:
                    policies[policy.Hash] = policy;
                    break;
                case ModelEntry model:
                    models[model.Hash] = model.Name;
                    break;
                case DecisionEntry decision when Concerns(decision, schemas.GetValueOrDefault(decision.Schema), pseudonyms):
                    decisions.Add(decision);
                    concerned.Add(decision.Id);
                    break;
                case LabelEntry label when concerned.Contains(label.Decision):
                    labels.Apply(label, item.AppendedAt);
                    break;
                case ContestOpenedEntry opened when concerned.Contains(opened.Decision):
                    contests[opened.Contest] = opened.Decision;
                    break;
                case ContestResolvedEntry resolved when contests.TryGetValue(resolved.Contest, out var contested):
                    if (!answers.TryGetValue(contested, out var list))
                        answers[contested] = list = [];
                    list.Add($"{resolved.At:yyyy-MM-dd}, by a person, {(resolved.IsOverturned ? "set aside" : "upheld")}: {resolved.Answer}");
                    break;
            }
        }

        return new PersonExport(
            protectedAttributes.Attributes.IsEmpty ? HowItWorks : $"{HowItWorks} Never used: {string.Join(", ", protectedAttributes.Attributes.Select(static attribute => attribute.Name))}.",
            Rights,
            [
                .. decisions.Select(decision => Describe(
                    decision,
                    schemas[decision.Schema],
                    policies.GetValueOrDefault(decision.Policy),
                    models.GetValueOrDefault(decision.Model),
                    labels.Find(decision.Id),
                    answers.GetValueOrDefault(decision.Id),
                    words)),
            ],
            offers.ToExport());
    }

    /// <summary>The export as JSON, for handing out in a common electronic form (GDPR article 15, paragraph 3).</summary>
    public static string ToJson(PersonExport export) => JsonSerializer.Serialize(export, DecisionsJson.Default.PersonExport);

    private static bool Concerns(DecisionEntry decision, PolicySchema? schema, IReadOnlySet<string> pseudonyms)
    {
        if (schema is null || schema.Facts.Length != decision.Facts.Length || schema.Features.Count != decision.Features.Length)
            return false;
        for (var i = 0; i < decision.Facts.Length; i++)
        {
            if (schema.Facts[i].IsPseudonym && decision.Facts[i].AsText is { } text && pseudonyms.Contains(text))
                return true;
        }

        return false;
    }

    private static ExportedDecision Describe(
        DecisionEntry decision, PolicySchema schema, PolicySavedEntry? policy, string? model, ResolvedLabel? label, List<string>? answers, IReadOnlyList<FeatureWords> words)
    {
        var writer = new ReasonWriter(schema.Features, words);
        var rule = RuleOf(decision, schema, policy);
        var contributions = new double[schema.Features.Count];
        foreach (var (feature, amount) in decision.Reasons)
        {
            if ((uint)feature < (uint)contributions.Length)
                contributions[feature] = amount;
        }

        return new ExportedDecision(
            decision.Id.ToString(),
            decision.At,
            decision.Point.ToString(),
            decision.Outcome.Verdict.ToString(),
            decision.Category.ToString(),
            ConsequenceOf(decision.Outcome.Verdict),
            rule?.Condition,
            rule?.Because,
            DataOf(decision, schema, writer),
            double.IsNaN(decision.Score) ? null : decision.Score,
            model,
            [.. writer.Write(decision.Features.AsSpan(), contributions).Select(static reason => reason.Text)],
            RemarksOn(decision.Notes),
            label is null ? null : $"{label.Holding.Label}, reported by {label.Holding.Source}{(label.Holding.IsConfirmed ? "" : ", not confirmed")}",
            answers is null ? [] : [.. answers]);
    }

    private static PolicyRule? RuleOf(DecisionEntry decision, PolicySchema schema, PolicySavedEntry? policy)
    {
        if (policy is null || decision.Outcome.Rule < 0 || !PolicyCompiler.Compile(policy.Text, schema).TryGet(out var compiled))
            return null;
        return decision.Outcome.Rule < compiled.Rules.Length ? compiled.Rules[decision.Outcome.Rule] : null;
    }

    private static ImmutableArray<ExportedValue> DataOf(DecisionEntry decision, PolicySchema schema, ReasonWriter writer)
    {
        var values = ImmutableArray.CreateBuilder<ExportedValue>(schema.Features.Count + schema.Facts.Length);
        for (var i = 0; i < schema.Features.Count; i++)
        {
            var categories = schema.Find(schema.Features.Names[i])!.Categories;
            var code = decision.Features[i];
            var isKnown = !categories.IsDefault && code >= 0 && code < categories.Length;
            values.Add(new ExportedValue(writer.Words(i).Title, isKnown ? categories[(int)code] : writer.Say(i, code)));
        }

        for (var i = 0; i < schema.Facts.Length; i++)
        {
            var (name, type, _) = schema.Facts[i];
            var fact = decision.Facts[i];
            var value = type is { Unit: { } unit } && fact.Kind != Policy.Evaluation.FactValueKind.Missing
                ? $"{fact.AsFixed / (decimal)Math.Pow(10, type.Decimals)} {unit}"
                : fact.ToString();
            values.Add(new ExportedValue(FeatureWords.FromName(name).Title, value));
        }

        return values.MoveToImmutable();
    }

    private static string ConsequenceOf(Verdict verdict) => verdict switch
    {
        Verdict.Allow => "The payment went on.",
        Verdict.StepUp => "A further proof was asked for before the payment went on.",
        Verdict.Review => "The payment waited until a person had decided.",
        _ => "The payment was refused without a person taking part.",
    };

    private static ImmutableArray<string> RemarksOn(DecisionNotes notes)
    {
        var remarks = ImmutableArray.CreateBuilder<string>();
        if (notes.HasFlag(DecisionNotes.BudgetSpent))
            remarks.Add("The time for the decision was spent; what the merchant laid down for that case happened.");
        if (notes.HasFlag(DecisionNotes.NoModel) || notes.HasFlag(DecisionNotes.ModelFault))
            remarks.Add("There was no score; the rules decided without it.");
        if (notes.HasFlag(DecisionNotes.ColdStart))
            remarks.Add("The score could at most lead to a person looking at the payment.");
        if (notes.HasFlag(DecisionNotes.MissingFeature))
            remarks.Add("Some data were missing.");
        return remarks.ToImmutable();
    }
}
