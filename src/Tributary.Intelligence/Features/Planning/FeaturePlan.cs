using Tributary.Intelligence.Features.Definitions;

namespace Tributary.Intelligence.Features.Planning;

/// <summary>A feature set, compiled: histories, and operations before and after the payment enters them.</summary>
internal sealed class FeaturePlan
{
    /// <summary>The parts of one of a measured feature.</summary>
    public const double MeasureScale = 1_024;

    /// <summary>The bound of a measured feature, in parts.</summary>
    public const long MaxMeasure = 1L << 40;

    public required FeatureSet Set { get; init; }

    public required HistoryPlan[] Histories { get; init; }

    /// <summary>Features that do not include the payment, those of one history side by side. None refers to another.</summary>
    public required FeatureOp[] Before { get; init; }

    /// <summary>Features that include the payment.</summary>
    public required FeatureOp[] After { get; init; }

    public required ConditionPlan[] Conditions { get; init; }

    /// <summary>The features that are measured, by their place in a row; measure i + 1 is the i-th.</summary>
    public required int[] Measured { get; init; }

    public static FeaturePlan Compile(FeatureSet set) => new FeaturePlanner(set).Plan();
}
