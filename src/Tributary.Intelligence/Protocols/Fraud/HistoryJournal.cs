using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Fraud;

/// <summary>
/// A file of payments as the journal that a shop which let everything pass would have written, so that policies are tried on it by the same code that
/// tries them on a live one.
/// </summary>
public sealed class HistoryJournal
{
    /// <summary>The fact that holds a payment's amount.</summary>
    public const string AmountFact = "amount_total";

    private readonly ScoredHistory _scored;
    private readonly TimeSpan _labelDelay;

    private HistoryJournal(ScoredHistory scored, PolicySchema schema, TimeSpan labelDelay)
    {
        _scored = scored;
        _labelDelay = labelDelay;
        Schema = schema;
    }

    /// <summary>What policies can ask about: the features, the score, and the amount as a fact.</summary>
    public PolicySchema Schema { get; }

    /// <summary>When every outcome is known.</summary>
    public DateTimeOffset AllKnownAt => Time(_scored.History.Count - 1) + _labelDelay + TimeSpan.FromSeconds(1);

    /// <summary>The journal of scored payments.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scored">The payments.</param>
    /// <param name="unit">The currency, such as "EUR".</param>
    public static Result<HistoryJournal, Refusal> Create(FraudModel model, ScoredHistory scored, string unit)
    {
        var categories = model.Features.Definitions.Where(static definition => definition.Function == Features.Definitions.FeatureFunction.Category)
            .ToDictionary(static definition => definition.Name, _ => scored.History.Categories, StringComparer.Ordinal);
        return PolicySchema.Create(model.Features.Schema, [new FactDefinition(AmountFact, PolicyType.Amount(unit, model.Features.Decimals))], categories: categories)
            .Then<HistoryJournal>(schema => new HistoryJournal(scored, schema, model.Features.LabelDelay));
    }

    /// <summary>The entries, from the first on.</summary>
    public IEnumerable<JournalItem> Items()
    {
        var hash = SchemaEntry.HashOf(Schema);
        ulong sequence = 0;
        yield return new JournalItem(new Sequence(++sequence), Time(0), new SchemaEntry(Schema));
        var row = new float[_scored.Features.Schema.Count];
        for (var i = 0; i < _scored.History.Count; i++)
        {
            _scored.Features.CopyRow(i, row);
            var id = new DecisionId((UInt128)(ulong)i);
            var at = Time(i);
            yield return new JournalItem(new Sequence(++sequence), at, new DecisionEntry
            {
                Id = id,
                At = at,
                Point = DecisionPoint.Checkout,
                Schema = hash,
                Features = [.. row],
                Facts = [FactValue.Of(_scored.History.Payment(i).AmountMinor)],
                Score = _scored.Scores[i],
                Policy = default,
                Outcome = new PolicyOutcome(Verdict.Allow, -1, -1, 0, -1, Verdict.Allow, -1),
                Category = PayerCategory.Accepted,
            });
            if (_scored.History.IsFraud(i))
            {
                var known = at + _labelDelay;
                yield return new JournalItem(
                    new Sequence(++sequence), known, new LabelEntry(id, IsBad: true, LabelKind.CardDispute, LabelSource.Rail, IsConfirmed: true, known, ""));
            }
        }
    }

    private DateTimeOffset Time(int row) => DateTimeOffset.FromUnixTimeMilliseconds(_scored.History.Payment(row).TimeMs);
}
