namespace Tributary.Payments.Risk;

/// <summary>
/// Judges before money is asked for or sent. The core knows nothing else of how: rules, a model, people. It answers in any case; what it does when
/// it has no time or its storage fails is its own policy.
/// </summary>
public interface IRiskGate
{
    /// <summary>Judges. The answer is on the judge's record before it is given.</summary>
    ValueTask<RiskAssessment> AssessAsync(RiskQuestion question, CancellationToken cancellationToken);
}
