using System.Collections.Immutable;

namespace Tributary.Intelligence.Models;

/// <summary>
/// A straight line, or several joined at knots, over the range that training saw. Values outside, and infinities with them, count as the nearest end
/// of the range: a line learnt on one range says nothing about another.
/// </summary>
public sealed class NumericTerm : LogisticTerm
{
    /// <param name="least">The least value of the training rows.</param>
    /// <param name="greatest">The greatest value of the training rows.</param>
    /// <param name="centre">Where the line is zero.</param>
    /// <param name="slope">Log-odds for a unit of the feature.</param>
    /// <param name="knots">Where the slope changes, ascending.</param>
    /// <param name="slopeChanges">By how much it changes at each knot.</param>
    /// <param name="missingValue">What a missing value adds.</param>
    /// <param name="mean">The average over the training rows.</param>
    public NumericTerm(
        float least, float greatest, double centre, double slope, ImmutableArray<float> knots, ImmutableArray<double> slopeChanges, double missingValue, double mean)
        : base(missingValue, mean)
    {
        if (knots.Length != slopeChanges.Length)
            throw new ArgumentException($"{slopeChanges.Length} changes of slope for {knots.Length} knots.", nameof(slopeChanges));
        if (!(least <= greatest))
            throw new ArgumentException($"The range from {least} to {greatest} is empty.", nameof(greatest));
        Least = least;
        Greatest = greatest;
        Centre = centre;
        Slope = slope;
        Knots = knots;
        SlopeChanges = slopeChanges;
    }

    /// <summary>The least value of the training rows.</summary>
    public float Least { get; }

    /// <summary>The greatest value of the training rows.</summary>
    public float Greatest { get; }

    /// <summary>Where the line is zero.</summary>
    public double Centre { get; }

    /// <summary>Log-odds for a unit of the feature.</summary>
    public double Slope { get; }

    /// <summary>Where the slope changes, ascending.</summary>
    public ImmutableArray<float> Knots { get; }

    /// <summary>By how much the slope changes at each knot.</summary>
    public ImmutableArray<double> SlopeChanges { get; }

    public override double Value(float value)
    {
        if (float.IsNaN(value))
            return MissingValue;
        var x = Math.Clamp(value, Least, Greatest);
        var sum = Slope * (x - Centre);
        for (var i = 0; i < Knots.Length && x > Knots[i]; i++)
            sum += SlopeChanges[i] * (x - Knots[i]);
        return sum;
    }
}
