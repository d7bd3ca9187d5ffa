using System.Collections.Immutable;
using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Payments.Risk;
using Tributary.Primitives.Results;

namespace Tributary.Server.Risk;

/// <summary>
/// The decision engine as the payment core's gate: pseudonyms, features, score, policy, reasons; the decision, the features' log and new keys are on disk before the
/// answer is given. Safe to call from many threads. Opened by <see cref="RiskStart"/>.
/// </summary>
internal sealed partial class RiskEngine(RiskParts parts, TimeProvider time, ILogger logger) : IRiskGate, IAsyncDisposable
{
    private readonly KeyCommits _commits = new(parts.Keys);

    /// <summary>Confirmed bad outcomes so far: what the end of the cold start is measured by.</summary>
    public int ConfirmedBadOutcomes => parts.Labels.ConfirmedBadOutcomes;

    /// <summary>What judges payments now.</summary>
    public RulesInForce Rules
    {
        get
        {
            var setup = parts.Payments.Setup;
            var policy = setup.Parts.Policy;
            return new RulesInForce(
                policy.Name,
                string.Equals(policy.Text, RiskPolicy.Default, StringComparison.Ordinal),
                policy.Rules,
                policy.BudgetFor(DecisionPoint.Confirm),
                setup.Parts.Model?.Name,
                setup.ModelMayDecide,
                ConfirmedBadOutcomes,
                Math.Max(DecisionSetup.LeastBadOutcomes, setup.Parts.RequiredBadOutcomes));
        }
    }

    /// <summary>Payments that the features have seen.</summary>
    public long PaymentCount => parts.History.PaymentCount;

    /// <inheritdoc/>
    public async ValueTask<RiskAssessment> AssessAsync(RiskQuestion question, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            return Overridden(question, await DecideAsync(question, started, cancellationToken));
        }
        catch (IOException exception)
        {
            // Nothing unrecorded decides: what happens then is the policy's choice for a decision that takes too long.
            LogStorage(logger, exception.Message);
            var verdict = parts.Payments.Setup.Parts.Policy.BudgetFor(PointOf(question.Point)).SpentVerdict;
            return new RiskAssessment
            {
                Reference = DecisionId.New(parts.Entropy).ToString(),
                Verdict = (RiskVerdict)verdict,
                Notice = verdict switch
                {
                    Verdict.Allow => RiskNotice.Accepted,
                    Verdict.Block => RiskNotice.Declined,
                    _ => RiskNotice.UnderReview,
                },
                At = time.GetUtcNow(),
                Rule = "The decision could not be recorded; the policy's budget says what happens then.",
            };
        }
    }

    /// <summary>Records what became of a decided payment. A label that is not one is logged and dropped: it comes from this program.</summary>
    public async ValueTask LabelAsync(LabelEntry label, DateTimeOffset decidedAt, string subjectId, CancellationToken cancellationToken)
    {
        if (LabelRules.Check(label, decidedAt, time.GetUtcNow()) is { } refusal)
        {
            LogLabel(logger, refusal.ToString());
            return;
        }

        if ((await parts.Journal.AppendAsync(label, cancellationToken)).TryGet(out _, out var wrong))
            parts.Labels.Apply(label, time.GetUtcNow());
        else
            LogLabel(logger, wrong.ToString());
        await parts.History.ApplyAsync(RiskParties.NumberOf(subjectId), label.IsBad ? Outcome.Fraud : Outcome.Legitimate, cancellationToken);
    }

    /// <summary>The pseudonym of a value, as payments have it; it is kept before it is given out.</summary>
    /// <param name="domain">"customer", "card", "device" or "address".</param>
    /// <param name="storeId">The store.</param>
    /// <param name="isLive">Its real or its test payments.</param>
    /// <param name="value">What payments bring.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<Result<string, Refusal>> PseudonymAsync(string domain, string storeId, bool isLive, string value, CancellationToken cancellationToken)
    {
        if (!RiskParties.IdentityOf(domain, storeId, isLive, value).TryGet(out var identity, out var refusal) || !parts.Keys.PseudonymOf(identity).TryGet(out var pseudonym, out refusal))
            return refusal;
        await _commits.CommitAsync().WaitAsync(cancellationToken);
        return pseudonym.ToString();
    }

    /// <summary>
    /// The pseudonym of somebody or something that took part in a decision; null where the decision is not on record, or had none. It reads the
    /// journal from its beginning, so it is for a person's click and not for a payment.
    /// </summary>
    public string? FindParty(string reference, string fact)
    {
        var index = -1;
        var schema = parts.Payments.Setup.Schema;
        for (var i = 0; i < schema.Facts.Length; i++)
        {
            if (string.Equals(schema.Facts[i].Name, fact, StringComparison.Ordinal))
                index = i;
        }

        using var reader = new JournalReader(parts.JournalFolder);
        var entry = reader.ReadAll().Select(static item => item.Entry).OfType<DecisionEntry>().FirstOrDefault(entry => string.Equals(entry.Id.ToString(), reference, StringComparison.Ordinal));
        return entry is not null && index >= 0 && index < entry.Facts.Length ? entry.Facts[index].AsText : null;
    }

    /// <summary>Judges by these lists from now on.</summary>
    public Refusal? UseLists(ulong version, IReadOnlyDictionary<string, IReadOnlyCollection<string>> entries)
    {
        foreach (var engine in (DecisionEngine[])[parts.Payments, parts.Transfers])
        {
            var present = engine.Setup.Parts;
            if (!PolicyLists.Create(present.Policy.Schema, version, entries).TryGet(out var lists, out var refusal)
                || !DecisionSetup.Create(present with { Lists = lists }).TryGet(out var setup, out refusal))
            {
                return refusal;
            }

            engine.Use(setup);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _commits.CommitAsync();
        await parts.Journal.DisposeAsync();
        await parts.History.DisposeAsync();
        parts.Keys.Dispose();
        parts.KeyStorage.Dispose();
    }

    /// <summary>Runs everything once without a trace, so that the first shopper does not wait for the compiler.</summary>
    public void WarmUp()
    {
        var features = new float[parts.Payments.Setup.Schema.Features.Count];
        var facts = new Tributary.Intelligence.Policy.Evaluation.FactValue[parts.Payments.Setup.Schema.Facts.Length];
        foreach (var engine in (DecisionEngine[])[parts.Payments, parts.Transfers])
        {
            for (var i = 0; i < 2; i++)
                _ = engine.Decide(new DecisionRequest { Point = DecisionPoint.Confirm, Features = features, Facts = facts, WithReasons = true });
        }
    }

    private async ValueTask<RiskAssessment> DecideAsync(RiskQuestion question, long started, CancellationToken cancellationToken)
    {
        if (!RiskParties.Of(parts.Keys, question).TryGet(out var who, out var refusal))
        {
            // Too many identities: the payment is judged without them, and the operator hears of it.
            LogParties(logger, refusal.ToString());
            who = default;
        }

        var features = new float[parts.History.Set.Schema.Count];
        Array.Fill(features, float.NaN);
        var kept = Task.CompletedTask;
        if (question.Point == RiskPoint.Confirm)
        {
            var payment = new PaymentEvent
            {
                Id = RiskParties.NumberOf(question.SubjectId),
                TimeMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                AmountMinor = Math.Clamp(question.Amount.MinorUnits, 0, PaymentEvent.MaxAmountMinor),
                Category = RiskSchema.CodeOf(question.Rail),
                Entities = who.Entities,
            };
            kept = parts.History.Observe(payment, features);
        }

        var engine = question.Point == RiskPoint.Confirm ? parts.Payments : parts.Transfers;
        var decided = engine.Decide(new DecisionRequest
        {
            Point = PointOf(question.Point),
            Features = features,
            Facts = RiskSchema.Facts(question, who),
            Rail = RiskSchema.Rails[RiskSchema.CodeOf(question.Rail)],
            StartedTimestamp = started,
            WithReasons = true,
        });
        var decision = decided.Value;

        // Three files, one wait. The journal refuses nothing that the engine decides: its bounds were checked with the schema.
        var journalled = parts.Journal.AppendAsync(decision.Entry, CancellationToken.None).AsTask();
        var keys = _commits.CommitAsync();
        await Task.WhenAll(journalled, keys, kept).WaitAsync(cancellationToken);
        return Answer(decision);
    }

    private RiskAssessment Answer(AnalystDecision decision)
    {
        var rule = decision.Rule is { IsOtherwise: false } fired ? fired.Because ?? fired.Condition : null;
        ImmutableArray<string> reasons = decision.Entry.Reasons.IsEmpty
            ? []
            : [.. decision.Reasons(parts.Words).Where(static reason => reason.Raises).Select(static reason => reason.Text)];
        return new RiskAssessment
        {
            Reference = decision.Entry.Id.ToString(),
            Verdict = (RiskVerdict)decision.Verdict,
            Notice = (RiskNotice)decision.Entry.Category,
            At = decision.Entry.At,
            Score = double.IsNaN(decision.Entry.Score) ? null : decision.Entry.Score,
            Rule = rule,
            Reasons = reasons,
        };
    }

    // The numbers that Stripe publishes to try out blocks and reviews with say so whatever the engine finds, in test mode alone.
    private static RiskAssessment Overridden(RiskQuestion question, RiskAssessment answer) =>
        PlainRiskGate.TryTestCard(question, answer.Reference, answer.At) is { } test ? test with { Score = answer.Score, Reasons = answer.Reasons } : answer;

    private static DecisionPoint PointOf(RiskPoint point) => point switch
    {
        RiskPoint.Confirm => DecisionPoint.Confirm,
        RiskPoint.Refund => DecisionPoint.Refund,
        RiskPoint.Payout => DecisionPoint.Payout,
        _ => throw new ArgumentOutOfRangeException(nameof(point)),
    };

    [LoggerMessage(Level = LogLevel.Critical, Message = "Risk decisions cannot be recorded, the policy's choice for a spent budget holds: {Reason}")]
    private static partial void LogStorage(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A label was dropped: {Reason}")]
    private static partial void LogLabel(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A payment is judged without its parties: {Reason}")]
    private static partial void LogParties(ILogger logger, string reason);
}
