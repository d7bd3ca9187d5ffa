namespace Tributary.Intelligence.Training;

/// <summary>What a boosted model is trained to minimise.</summary>
public enum Objective
{
    /// <summary>Labels are 0 or 1; the score is a probability, boosted in log-odds.</summary>
    BinaryLogLoss,

    /// <summary>Labels are any finite numbers; the score is their mean.</summary>
    SquaredError,
}
