using System.Collections.Immutable;
using System.Globalization;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Reports;

/// <summary>What plain policies on a score are worth. Their thresholds are fixed before any payment is tested.</summary>
public static class PolicyTable
{
    private const double AllBasisPoints = 10_000;

    /// <summary>The policies, from the one that does nothing to the one that weighs each payment.</summary>
    /// <param name="payments">The payments tested.</param>
    /// <param name="economics">What decisions cost and save.</param>
    public static ImmutableArray<PolicyFacts> Measure(ScoredPayments payments, BacktestEconomics economics) =>
    [
        Measure("Let everything pass", payments, economics, static (_, _) => Verdict.Allow),
        Measure("Block from 50 %", payments, economics, static (score, _) => score >= 0.5 ? Verdict.Block : Verdict.Allow),
        Measure("Block from 90 %, review from 20 %", payments, economics, static (score, _) => score >= 0.9 ? Verdict.Block : score >= 0.2 ? Verdict.Review : Verdict.Allow),
        Measure("Block from 90 %, step up from 5 %", payments, economics, static (score, _) => score >= 0.9 ? Verdict.Block : score >= 0.05 ? Verdict.StepUp : Verdict.Allow),
        Measure("Review from 5 %", payments, economics, static (score, _) => score >= 0.05 ? Verdict.Review : Verdict.Allow),
        Measure("Whatever is worth most for the payment", payments, economics, (score, amount) => Best(score, amount, economics)),
    ];

    /// <summary>The economics in sentences.</summary>
    public static ImmutableArray<string> Describe(BacktestEconomics economics) =>
    [
        $"A good payment earns {Share(economics.MarginBasisPoints)} of its amount, which a block loses; a fraud that passes costs its amount.",
        $"A review costs {(economics.ReviewCost / 100m).ToString("0.00", CultureInfo.InvariantCulture)} and recognises {Share(economics.ReviewCatchesBasisPoints)} of frauds.",
        $"A step-up stops {Share(economics.StepUpStopsBasisPoints)} of frauds and loses {Share(economics.StepUpLosesBasisPoints)} of good payers.",
    ];

    /// <summary>What blocking every payment from a threshold on is worth, in minor units.</summary>
    public static long NetValueOfBlocking(ScoredPayments payments, BacktestEconomics economics, double threshold) =>
        Measure("", payments, economics, (score, _) => score >= threshold ? Verdict.Block : Verdict.Allow).NetValueMinor;

    private static PolicyFacts Measure(string name, ScoredPayments payments, BacktestEconomics economics, Func<double, long, Verdict> policy)
    {
        var tally = new PolicyTally(economics, hasAmounts: true);
        for (var row = 0; row < payments.Scores.Length; row++)
        {
            var amount = payments.AmountsMinor[row];
            tally.Add(policy(payments.Scores[row], amount), payments.Labels[row] == 1 ? PaymentOutcome.Bad : PaymentOutcome.Good, amount);
        }

        var figures = tally.Figures();
        return new PolicyFacts(
            name,
            figures.Verdicts[(int)Verdict.Block].Payments.Total,
            figures.Verdicts[(int)Verdict.Review].Payments.Total,
            figures.Verdicts[(int)Verdict.StepUp].Payments.Total,
            figures.BadStoppedShare,
            figures.FalseBlocksPerThousand,
            figures.NetValue ?? 0);
    }

    private static Verdict Best(double probability, long amount, BacktestEconomics economics)
    {
        var margin = amount * (economics.MarginBasisPoints / AllBasisPoints);
        Span<double> worth =
        [
            0,
            (probability * amount * (economics.StepUpStopsBasisPoints / AllBasisPoints)) - ((1 - probability) * margin * (economics.StepUpLosesBasisPoints / AllBasisPoints)),
            (probability * amount * (economics.ReviewCatchesBasisPoints / AllBasisPoints)) - economics.ReviewCost,
            (probability * amount) - ((1 - probability) * margin),
        ];
        var best = 0;
        for (var verdict = 1; verdict < worth.Length; verdict++)
            best = worth[verdict] > worth[best] ? verdict : best;
        return (Verdict)best;
    }

    private static string Share(int basisPoints) => (basisPoints / AllBasisPoints).ToString("0.## %", CultureInfo.InvariantCulture);
}
