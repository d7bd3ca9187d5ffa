using System.Collections.Immutable;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Features.Definitions;

namespace Tributary.Intelligence.Protocols.Fraud;

/// <summary>Puts declared features into words for analysts, from their definitions: nobody has to write them, and none can say something else than what is computed.</summary>
public static class FeatureWording
{
    /// <summary>The words of every feature of a set.</summary>
    /// <param name="features">The features.</param>
    /// <param name="categories">The names of the merchants' categories, by code.</param>
    /// <param name="unit">The currency, such as "EUR"; empty for none.</param>
    public static ImmutableArray<FeatureWords> Of(FeatureSet features, ImmutableArray<string> categories, string unit = "") =>
        [.. features.Definitions.Select(definition => Of(definition, categories, unit))];

    private static FeatureWords Of(FeatureDefinition definition, ImmutableArray<string> categories, string unit)
    {
        var words = new FeatureWords(definition.Name, Title(definition)) { Unit = Unit(definition, unit), Decimals = Decimals(definition), Group = Group(definition) };
        if (definition.Function == FeatureFunction.Category)
            words = words with { Categories = categories.Select(static (name, code) => KeyValuePair.Create(code, name)).ToImmutableSortedDictionary() };
        return words;
    }

    private static string Title(FeatureDefinition definition)
    {
        var by = definition.By is { } kind ? $"this {kind.ToString().ToLowerInvariant()}" : "";
        var when = When(definition);
        var which = definition.Where is { } where ? $" with {where.Feature.Replace('_', ' ')} {(where.AtLeast ? "of at least" : "below")} {where.Threshold:0.##}" : "";
        return definition.Function switch
        {
            FeatureFunction.Amount => "The amount",
            FeatureFunction.Hour => "The hour of the day (UTC)",
            FeatureFunction.Weekday => "The day of the week (0 is Monday)",
            FeatureFunction.Weekend => "The payment on a weekend (1 is yes)",
            FeatureFunction.Night => "The payment at night (1 is yes)",
            FeatureFunction.Category => "The merchant's category",
            FeatureFunction.Count when definition.Measure == MeasureKind.Fraud => $"Known frauds of {by}{which}{when}",
            FeatureFunction.Count => $"Payments of {by}{which}{when}",
            FeatureFunction.Sum when definition.Measure == MeasureKind.Loss => $"Known losses by {by}{which}{when}",
            FeatureFunction.Sum => $"The {Measured(definition, "amounts")} of {by} added up{which}{when}",
            FeatureFunction.Mean when definition.Measure == MeasureKind.Fraud => $"The share of known frauds of {by}{which}{when}",
            FeatureFunction.Mean => $"The mean {Measured(definition, "amount")} of {by}{which}{when}",
            FeatureFunction.Max => $"The greatest {Measured(definition, "amount")} of {by}{which}{when}",
            FeatureFunction.StandardDeviation => $"The spread of the {Measured(definition, "amounts")} of {by}{which}{when}",
            FeatureFunction.Median => $"The median amount of {by}{when}",
            FeatureFunction.Distinct => $"Different {Plural(definition)} with {by}{when}",
            FeatureFunction.Ratio => $"The amount, in times the {Statistic(definition)} of {by}{when}",
            FeatureFunction.Since => $"Seconds since {Happened(definition, by)}",
            FeatureFunction.DaysSince => $"Days since {Happened(definition, by)}",
            FeatureFunction.Distance => $"The distance from the last payment of {by}",
            FeatureFunction.Velocity => $"The speed since the last payment of {by}",
            FeatureFunction.FraudRun => $"Known frauds in a row at {by}",
            FeatureFunction.LegitimateRun => $"Known good payments of {by} since its last known fraud",
            _ => FeatureWords.FromName(definition.Name).Title,
        };
    }

    private static string When(FeatureDefinition definition)
    {
        if (!FeatureLanguage.HasWindow(definition.Function))
            return "";
        var window = definition.Window is { } length ? $" within {Duration(length)}" : " so far";
        return definition.After is { } after ? $"{window} up to {Duration(after)} ago" : window;
    }

    private static string Duration(TimeSpan duration) =>
        duration.TotalDays >= 2 && duration.Ticks % TimeSpan.TicksPerDay == 0 ? $"{duration.TotalDays:0} days"
        : duration.TotalHours >= 2 && duration.Ticks % TimeSpan.TicksPerHour == 0 ? $"{duration.TotalHours:0} hours"
        : duration.TotalHours >= 1 && duration.Ticks % TimeSpan.TicksPerHour == 0 ? "an hour"
        : duration.TotalMinutes >= 1 ? $"{duration.TotalMinutes:0.##} minutes"
        : $"{duration.TotalSeconds:0} seconds";

    private static string Measured(FeatureDefinition definition, string otherwise) => definition.MeasuredFeature?.Replace('_', ' ') ?? otherwise;

    private static string Plural(FeatureDefinition definition)
    {
        var name = definition.Other!.Value.ToString().ToLowerInvariant();
        return name.EndsWith('s') ? $"{name}es" : $"{name}s";
    }

    private static string Statistic(FeatureDefinition definition) => definition.Statistic switch
    {
        FeatureFunction.Median => "median amount",
        FeatureFunction.Max => "greatest amount",
        _ => "mean amount",
    };

    private static string Happened(FeatureDefinition definition, string by) => definition.Anchor switch
    {
        Anchor.First => $"the first payment of {by}",
        Anchor.Same => $"{by} last paid with the same {definition.Other!.Value.ToString().ToLowerInvariant()}",
        Anchor.LastFraud => $"the last known fraud of {by}",
        Anchor.LastLegitimate => $"the last payment of {by} known to be good",
        Anchor.RunStart => $"known frauds in a row began at {by}",
        Anchor.BeforeRun => $"the last good payment of {by} before its known frauds in a row",
        _ => $"the last payment of {by}",
    };

    private static string Unit(FeatureDefinition definition, string unit) => definition.Function switch
    {
        FeatureFunction.Amount or FeatureFunction.Median => unit,
        FeatureFunction.Sum or FeatureFunction.Mean or FeatureFunction.Max or FeatureFunction.StandardDeviation
            when definition.Measure is MeasureKind.Amount or MeasureKind.Loss => unit,
        FeatureFunction.Distance => "km",
        FeatureFunction.Velocity => "km/h",
        _ => "",
    };

    private static int Decimals(FeatureDefinition definition) => definition.Function switch
    {
        FeatureFunction.Distance or FeatureFunction.Velocity or FeatureFunction.Since => 0,
        FeatureFunction.Mean when definition.Measure == MeasureKind.Fraud => 4,
        _ => 2,
    };

    /// <summary>One quantity over several windows is one reason.</summary>
    private static string? Group(FeatureDefinition definition) =>
        FeatureLanguage.HasWindow(definition.Function)
            ? $"{definition.Function} {definition.Measure} {definition.MeasuredFeature} {definition.By} {definition.Other} {definition.Statistic} {definition.Where?.Feature}"
            : null;
}
