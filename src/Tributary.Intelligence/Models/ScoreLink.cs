namespace Tributary.Intelligence.Models;

/// <summary>How a raw score becomes a score.</summary>
public enum ScoreLink
{
    /// <summary>The raw score is the score: a regression.</summary>
    Identity = 0,

    /// <summary>The raw score is log-odds, the score a probability.</summary>
    Logistic = 1,

    /// <summary>The raw score is a mean of labels of 0 and 1, kept within [0, 1]: a forest.</summary>
    Share = 2,
}
