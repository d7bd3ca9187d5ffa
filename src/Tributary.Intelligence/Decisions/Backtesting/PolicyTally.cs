using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>Adds up what a policy does, payment by payment.</summary>
internal sealed class PolicyTally(BacktestEconomics economics, bool hasAmounts)
{
    private const long AllBasisPoints = 10_000;

    private readonly OutcomeCounts[] _byVerdict = [.. Enumerable.Repeat(OutcomeCounts.None, Enum.GetValues<Verdict>().Length)];

    // In 10⁻⁸ of a minor unit: two shares in basis points may stand behind one term.
    private Int128 _netValue;

    public void Add(Verdict verdict, PaymentOutcome outcome, long amount)
    {
        _byVerdict[(int)verdict] = _byVerdict[(int)verdict].With(outcome, amount);
        var reviewCost = (Int128)economics.ReviewCost * AllBasisPoints * AllBasisPoints;
        var margin = (Int128)amount * economics.MarginBasisPoints;
        _netValue += (verdict, outcome) switch
        {
            (Verdict.Block, PaymentOutcome.Bad) => (Int128)amount * AllBasisPoints * AllBasisPoints,
            (Verdict.Block, PaymentOutcome.Good) => -margin * AllBasisPoints,
            (Verdict.Review, PaymentOutcome.Bad) => ((Int128)amount * economics.ReviewCatchesBasisPoints * AllBasisPoints) - reviewCost,
            (Verdict.Review, _) => -reviewCost,
            (Verdict.StepUp, PaymentOutcome.Bad) => (Int128)amount * economics.StepUpStopsBasisPoints * AllBasisPoints,
            (Verdict.StepUp, PaymentOutcome.Good) => -margin * economics.StepUpLosesBasisPoints,
            _ => Int128.Zero,
        };
    }

    public PolicyFigures Figures()
    {
        var good = _byVerdict.Sum(static counts => counts.Good);
        var bad = _byVerdict.Sum(static counts => counts.Bad);
        var stopped = _byVerdict[(int)Verdict.Block].Bad + _byVerdict[(int)Verdict.Review].Bad;
        return new PolicyFigures(
            [.. _byVerdict.Select(static (counts, verdict) => new VerdictReport((Verdict)verdict, counts))],
            good > 0 ? 1_000.0 * _byVerdict[(int)Verdict.Block].Good / good : 0,
            bad > 0 ? (double)stopped / bad : 0,
            hasAmounts ? (long)Int128.Clamp(_netValue / (AllBasisPoints * AllBasisPoints), long.MinValue, long.MaxValue) : null);
    }
}
