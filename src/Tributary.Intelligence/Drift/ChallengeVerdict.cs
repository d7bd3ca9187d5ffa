namespace Tributary.Intelligence.Drift;

/// <summary>What a comparison of two models allows to say.</summary>
public enum ChallengeVerdict
{
    /// <summary>Too few confirmed positives: wait.</summary>
    TooFewPositives,

    /// <summary>Neither is better beyond chance: keep the champion.</summary>
    NoDifference,

    /// <summary>The challenger is better, and its probabilities are no worse.</summary>
    ChallengerBetter,

    /// <summary>The challenger ranks better but its probabilities are worse: calibrate it first.</summary>
    ChallengerMiscalibrated,

    /// <summary>The champion is better.</summary>
    ChampionBetter,
}
