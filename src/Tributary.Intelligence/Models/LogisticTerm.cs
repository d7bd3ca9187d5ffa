namespace Tributary.Intelligence.Models;

/// <summary>What one feature adds to the log-odds.</summary>
public abstract class LogisticTerm
{
    private protected LogisticTerm(double missingValue, double mean)
    {
        MissingValue = missingValue;
        Mean = mean;
    }

    /// <summary>What a missing value adds.</summary>
    public double MissingValue { get; }

    /// <summary>What the feature adds on average over the training rows: the point from which an explanation counts.</summary>
    public double Mean { get; }

    /// <summary>What a value adds; finite for any float.</summary>
    public abstract double Value(float value);
}
