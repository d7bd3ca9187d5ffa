using System.Collections.Immutable;

namespace Tributary.Intelligence.Models;

/// <summary>A number for each category.</summary>
public sealed class CategoryTerm : LogisticTerm
{
    /// <param name="values">What each code from 0 adds.</param>
    /// <param name="unseenValue">What codes beyond, and values that are no code, add.</param>
    /// <param name="missingValue">What a missing value adds.</param>
    /// <param name="mean">The average over the training rows.</param>
    public CategoryTerm(ImmutableArray<double> values, double unseenValue, double missingValue, double mean)
        : base(missingValue, mean)
    {
        Values = values;
        UnseenValue = unseenValue;
    }

    /// <summary>What each code from 0 adds.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>What codes beyond, and values that are no code, add.</summary>
    public double UnseenValue { get; }

    public override double Value(float value)
    {
        if (float.IsNaN(value))
            return MissingValue;
        return CategoryCode.TryRead(value, out var code) && code < Values.Length ? Values[code] : UnseenValue;
    }
}
