using Tributary.Payments.Identifiers;

namespace Tributary.Payments.Risk;

/// <summary>
/// The gate of a server without an engine: everything passes but the card numbers that Stripe publishes to try out blocks and reviews with, and
/// those in test mode only.
/// </summary>
public sealed class PlainRiskGate(ObjectIds ids, TimeProvider time) : IRiskGate
{
    /// <inheritdoc/>
    public ValueTask<RiskAssessment> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) =>
        ValueTask.FromResult(TryTestCard(question, ids.Next("dec"), time.GetUtcNow()) ?? new RiskAssessment
        {
            Reference = ids.Next("dec"),
            Verdict = RiskVerdict.Allow,
            Notice = RiskNotice.Accepted,
            At = time.GetUtcNow(),
        });

    /// <summary>What a published number stands for; null for every other one, and in live mode.</summary>
    public static RiskAssessment? TryTestCard(RiskQuestion question, string reference, DateTimeOffset now)
    {
        if (question.IsLive || question.Point != RiskPoint.Confirm || question.Instrument is not { Length: <= 40 } number)
            return null;
        return number.Replace(" ", "", StringComparison.Ordinal) switch
        {
            "4100000000000019" => Answer(RiskVerdict.Block, RiskNotice.Declined, "Test card: always blocked."),
            "4000000000004954" => Answer(RiskVerdict.Block, RiskNotice.Declined, "Test card: a payment of the highest risk."),
            "4000000000009235" => Answer(RiskVerdict.Review, RiskNotice.UnderReview, "Test card: a payment of elevated risk."),
            _ => null,
        };

        RiskAssessment Answer(RiskVerdict verdict, RiskNotice notice, string rule) =>
            new() { Reference = reference, Verdict = verdict, Notice = notice, At = now, Rule = rule };
    }
}
