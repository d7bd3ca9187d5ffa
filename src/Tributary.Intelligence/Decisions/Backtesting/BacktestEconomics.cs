namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>What decisions cost and save, against letting every payment pass. Shares are in basis points (10,000 = all), money in minor units.</summary>
/// <param name="MarginBasisPoints">What a good payment earns, of its amount.</param>
/// <param name="ReviewCost">What a review costs.</param>
/// <param name="ReviewCatchesBasisPoints">Bad payments that a review recognises.</param>
/// <param name="StepUpStopsBasisPoints">Bad payments that a step-up stops.</param>
/// <param name="StepUpLosesBasisPoints">Good payers who give up at a step-up.</param>
public sealed record BacktestEconomics(
    int MarginBasisPoints = 300, long ReviewCost = 300, int ReviewCatchesBasisPoints = 10_000, int StepUpStopsBasisPoints = 8_000, int StepUpLosesBasisPoints = 1_000);
