using System.Globalization;
using System.Text;
using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Features.Definitions;

/// <summary>
/// One feature, declared. Written and read as a line of <see cref="FeatureLanguage"/>, whose text is the form in which models keep it.
/// </summary>
public sealed record FeatureDefinition
{
    /// <summary>Unique, in snake case.</summary>
    public required string Name { get; init; }

    /// <summary>What is computed.</summary>
    public required FeatureFunction Function { get; init; }

    /// <summary>Whose history; null for a feature of the payment alone.</summary>
    public EntityKind? By { get; init; }

    /// <summary>What is counted or added.</summary>
    public MeasureKind Measure { get; init; }

    /// <summary>The feature that is measured, for <see cref="MeasureKind.Feature"/>.</summary>
    public string? MeasuredFeature { get; init; }

    /// <summary>The other kind, for <see cref="FeatureFunction.Distinct"/> and <see cref="Anchor.Same"/>.</summary>
    public EntityKind? Other { get; init; }

    /// <summary>What the amount is compared with, for <see cref="FeatureFunction.Ratio"/>: mean, median or maximum.</summary>
    public FeatureFunction Statistic { get; init; } = FeatureFunction.Mean;

    /// <summary>What is counted from, for "since".</summary>
    public Anchor Anchor { get; init; }

    /// <summary>The length of the window: later than <c>now − After − Window</c> and up to <c>now − After</c>. Null for all time.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>How long ago the window ends. Null: at once or, for what depends on outcomes, after the label delay.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>Leaves the payment itself out.</summary>
    public bool Before { get; init; }

    /// <summary>Leaves out what is known to be fraud (amounts by sum, mean or ratio to the mean).</summary>
    public bool ExcludingFraud { get; init; }

    /// <summary>Which payments count; null for all.</summary>
    public FeatureCondition? Where { get; init; }

    /// <summary>Payments of the average of everyone that a mean of amounts starts with, so that a short history says little.</summary>
    public int PriorPayments { get; init; }

    /// <summary>The value where there is none; missing (NaN) unless stated.</summary>
    public double Else { get; init; } = double.NaN;

    /// <summary>How the value is to be read.</summary>
    public FeatureKind Kind => Function == FeatureFunction.Category ? FeatureKind.Categorical : FeatureKind.Numeric;

    /// <summary>True when the value depends on outcomes.</summary>
    internal bool NeedsOutcomes =>
        Measure is MeasureKind.Fraud or MeasureKind.Loss || ExcludingFraud
        || Function is FeatureFunction.FraudRun or FeatureFunction.LegitimateRun
        || (Function is FeatureFunction.Since or FeatureFunction.DaysSince && Anchor >= Anchor.LastFraud);

    /// <summary>True when the payment itself is not part of its value: conditions and measures can refer to it.</summary>
    internal bool IsKnownBefore =>
        Before || By is null || After is not null || Measure is MeasureKind.Fraud or MeasureKind.Loss
        || Function is FeatureFunction.Ratio or FeatureFunction.Since or FeatureFunction.DaysSince or FeatureFunction.Distance
            or FeatureFunction.Velocity or FeatureFunction.FraudRun or FeatureFunction.LegitimateRun;

    /// <summary>The line that <see cref="FeatureLanguage"/> reads back to an equal definition.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Name).Append(" = ").Append(FeatureLanguage.NameOf(Function));
        switch (Function)
        {
            case FeatureFunction.Ratio:
                text.Append(' ').Append(FeatureLanguage.NameOf(Statistic));
                break;
            case FeatureFunction.Since or FeatureFunction.DaysSince:
                text.Append(' ').Append(FeatureLanguage.NameOf(Anchor));
                break;
            case >= FeatureFunction.Count and <= FeatureFunction.Median:
                if (Measure != MeasureKind.Payments)
                    text.Append(' ').Append(MeasuredFeature ?? FeatureLanguage.NameOf(Measure));
                break;
        }

        if (Other is { } other)
            text.Append(' ').Append(FeatureLanguage.NameOf(other));
        if (By is { } by)
            text.Append(" by ").Append(FeatureLanguage.NameOf(by));
        if (FeatureLanguage.HasWindow(Function))
            text.Append(" over ").Append(Window is { } window ? FeatureLanguage.NameOf(window) : "ever");
        if (After is { } after)
            text.Append(" after ").Append(FeatureLanguage.NameOf(after));
        if (Before)
            text.Append(" before");
        if (ExcludingFraud)
            text.Append(" excluding fraud");
        if (Where is { } where)
            text.Append(" where ").Append(where.Feature).Append(where.AtLeast ? " >= " : " < ").Append(Number(where.Threshold));
        if (PriorPayments > 0)
            text.Append(" prior ").Append(PriorPayments);
        if (!double.IsNaN(Else))
            text.Append(" else ").Append(Number(Else));
        return text.ToString();

        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }
}
