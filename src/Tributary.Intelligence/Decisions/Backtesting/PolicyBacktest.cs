using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>Runs a policy over the decisions of a journal, with features and facts as they were, against the outcomes known by now. Memory does not grow with the number of decisions.</summary>
public sealed class PolicyBacktest
{
    private readonly CompiledPolicy _policy;
    private readonly BacktestOptions _options;
    private readonly int _amountFact;
    private readonly bool _modelMayDecide;
    private readonly Dictionary<Bytes32, HistoryMap> _maps = [];
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly OutcomeCounts[] _byRule;
    private readonly OutcomeCounts[,] _changes;
    private readonly PolicyTally _candidate;
    private readonly PolicyTally _incumbent;
    private readonly List<string> _examples = [];
    private readonly LabelLedger _labels;
    private readonly float[] _features;
    private readonly FactValue[] _facts;
    private OutcomeCounts _payments = OutcomeCounts.None;
    private DateTimeOffset? _first;
    private DateTimeOffset? _last;
    private long _skipped;
    private long _withoutScore;
    private long _undetermined;

    private PolicyBacktest(CompiledPolicy policy, BacktestOptions options, int amountFact, LabelLedger labels)
    {
        _policy = policy;
        _options = options;
        _amountFact = amountFact;
        _labels = labels;
        _modelMayDecide = labels.ConfirmedBadOutcomes >= DecisionSetup.LeastBadOutcomes;
        _byRule = [.. Enumerable.Repeat(OutcomeCounts.None, policy.Rules.Length)];
        var verdicts = Enum.GetValues<Verdict>().Length;
        _changes = new OutcomeCounts[verdicts, verdicts];
        _candidate = new PolicyTally(options.Economics, amountFact >= 0);
        _incumbent = new PolicyTally(options.Economics, amountFact >= 0);
        _features = new float[policy.Schema.Features.Count];
        _facts = new FactValue[policy.Schema.Facts.Length];
    }

    /// <summary>
    /// Runs the policy. Refused: an amount that is no whole-number fact of the policy's schema, a model that scores other features.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="journal">Opens the journal at its first entry; called twice, once for the labels.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told the decisions run over, now and then.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static Result<BacktestReport, Refusal> Run(
        CompiledPolicy policy, Func<IEnumerable<JournalItem>> journal, BacktestOptions options, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var amount = -1;
        if (options.AmountFact is { } name)
        {
            if (policy.Schema.Find(name) is not { Source: AttributeSource.Fact, Type.Kind: PolicyTypeKind.Fixed } attribute)
                return new Refusal("amount_fact", $"\"{name}\" is no whole-number fact of the policy's schema.");
            amount = attribute.Index;
        }

        if (options.Rescore is { } model && !model.Schema.Equals(policy.Schema.Features))
            return new Refusal("rescore", "The model scores other features than the policy's schema has.");

        var labels = new LabelLedger();
        foreach (var item in journal())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (item.Entry is LabelEntry label && item.AppendedAt <= options.AsOf)
                labels.Apply(label, item.AppendedAt);
        }

        var run = new PolicyBacktest(policy, options, amount, labels);
        foreach (var item in journal())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (run.Take(item) && run._payments.Total % 10_000 == 0)
                progress?.Report(run._payments.Total);
        }

        return run.Report();
    }

    private bool Take(JournalItem item)
    {
        if (item.Entry is SchemaEntry schema)
        {
            _maps.TryAdd(SchemaEntry.HashOf(schema.Schema), new HistoryMap(schema.Schema, _policy.Schema));
            return false;
        }

        if (item.Entry is not DecisionEntry decision || decision.At >= _options.AsOf || decision.At < _options.From || decision.At >= _options.To)
            return false;
        if (!_maps.TryGetValue(decision.Schema, out var map) || !map.TryFill(decision, _features, _facts))
        {
            _skipped++;
            return false;
        }

        foreach (var name in map.Missing)
            _missing.Add(name);
        var score = _options.Rescore?.Score(_features) ?? decision.Score;
        _withoutScore += double.IsNaN(score) ? 1 : 0;
        var outcome = _policy.Evaluate(decision.Point, new PolicyFacts(_features, _facts, score, _options.Lists), _modelMayDecide);
        _undetermined += outcome.UndeterminedRules > 0 ? 1 : 0;
        Count(decision, outcome);
        return true;
    }

    private void Count(DecisionEntry decision, PolicyOutcome outcome)
    {
        var known = OutcomeOf(decision);
        var amount = _amountFact >= 0 ? Math.Max(0, _facts[_amountFact].AsFixed) : 0;
        var was = decision.Outcome.Verdict;
        _payments = _payments.With(known, amount);
        _first ??= decision.At;
        _last = decision.At;
        _candidate.Add(outcome.Verdict, known, amount);
        _incumbent.Add(was, known, amount);
        if (outcome.Rule >= 0)
            _byRule[outcome.Rule] = _byRule[outcome.Rule].With(known, amount);
        if (outcome.ShadowRule >= 0 && _policy.Rules[outcome.ShadowRule].IsShadow)
            _byRule[outcome.ShadowRule] = _byRule[outcome.ShadowRule].With(known, amount);
        if (outcome.Verdict == was)
            return;
        ref var change = ref _changes[(int)was, (int)outcome.Verdict];
        change = (change ?? OutcomeCounts.None).With(known, amount);
        if (_examples.Count < _options.MaxExamples)
            _examples.Add($"{decision.Id} {was} -> {outcome.Verdict}");
    }

    // A payment that was held up shows nothing by being left alone: what it would have done is not known.
    private PaymentOutcome OutcomeOf(DecisionEntry decision)
    {
        if (_labels.Find(decision.Id) is { } label)
            return label.IsBad ? PaymentOutcome.Bad : PaymentOutcome.Good;
        var wentOn = decision.Outcome.Verdict is Verdict.Allow or Verdict.StepUp;
        return wentOn && _options.AsOf - decision.At >= _options.LabelDelay ? PaymentOutcome.Good : PaymentOutcome.Unknown;
    }

    private BacktestReport Report()
    {
        var read = _policy.Rules.SelectMany(static rule => rule.Attributes).ToHashSet(StringComparer.Ordinal);
        var changes = new List<VerdictChange>();
        for (var from = 0; from < _changes.GetLength(0); from++)
        {
            for (var to = 0; to < _changes.GetLength(1); to++)
            {
                if (_changes[from, to] is { } payments)
                    changes.Add(new VerdictChange((Verdict)from, (Verdict)to, payments));
            }
        }

        return new BacktestReport(
            _policy.Hash.ToString(),
            _options.AsOf,
            _payments.Total,
            _skipped,
            _first,
            _last,
            _payments,
            _withoutScore,
            _undetermined,
            [.. _missing.Where(read.Contains).Order(StringComparer.Ordinal)],
            _modelMayDecide,
            _candidate.Figures(),
            _incumbent.Figures(),
            [.. _policy.Rules.Select(rule => new RuleReport(rule, _byRule[rule.Index], Proportions.Wilson(_byRule[rule.Index].Bad, _byRule[rule.Index].Good + _byRule[rule.Index].Bad)))],
            [.. changes],
            [.. _examples]);
    }
}
