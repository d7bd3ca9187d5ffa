using Tributary.Payments.Risk;

namespace Tributary.Payments.Tests.Risk;

/// <summary>Answers what it is told to, and remembers what it was asked.</summary>
internal sealed class ScriptedGate(TimeProvider time) : IRiskGate
{
    public List<RiskQuestion> Asked { get; } = [];

    public RiskVerdict Verdict { get; set; }

    public ValueTask<RiskAssessment> AssessAsync(RiskQuestion question, CancellationToken cancellationToken)
    {
        Asked.Add(question);
        return ValueTask.FromResult(new RiskAssessment
        {
            Reference = $"dec_{Asked.Count}",
            Verdict = Verdict,
            Notice = Verdict == RiskVerdict.Block ? RiskNotice.LimitReached : RiskNotice.Accepted,
            At = time.GetUtcNow(),
            Score = 0.75,
            Rule = "count per card in 1h >= 3",
            Reasons = ["many payments by this card", "a new device"],
        });
    }
}
