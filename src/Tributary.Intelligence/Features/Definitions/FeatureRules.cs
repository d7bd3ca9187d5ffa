namespace Tributary.Intelligence.Features.Definitions;

/// <summary>Which definitions make sense, alone and after those above them.</summary>
internal static class FeatureRules
{
    /// <summary>Why the definition is refused, or null.</summary>
    public static string? Check(FeatureDefinition definition, Dictionary<string, FeatureDefinition> above, TimeSpan labelDelay)
    {
        // The text form is what is stored: a definition that it cannot carry is refused here and not found wrong later.
        if (!FeatureLanguage.ParseLine(definition.ToString()).TryGet(out var read) || read != definition)
            return "does not survive being written as text";
        if (above.ContainsKey(definition.Name))
            return "is defined twice";
        return CheckEntity(definition)
            ?? CheckMeasure(definition, above)
            ?? CheckWindow(definition, labelDelay)
            ?? CheckModifiers(definition, above);
    }

    private static string? CheckEntity(FeatureDefinition definition)
    {
        var ofPayment = definition.Function <= FeatureFunction.Category;
        if (ofPayment != definition.By is null)
            return ofPayment ? "is of the payment alone and takes no 'by'" : "needs 'by' and a kind of entity";
        if (definition.Other == definition.By && definition.Other is not null)
            return "compares a kind of entity with itself";
        return null;
    }

    private static string? CheckMeasure(FeatureDefinition definition, Dictionary<string, FeatureDefinition> above)
    {
        if (definition.Measure == MeasureKind.Feature && Unknown(definition.MeasuredFeature!, above) is { } unknown)
            return unknown;
        return definition.Function switch
        {
            FeatureFunction.Count when definition.Measure is not (MeasureKind.Payments or MeasureKind.Fraud) => "counts payments or 'fraud'",
            FeatureFunction.Max or FeatureFunction.StandardDeviation when definition.Measure is not (MeasureKind.Amount or MeasureKind.Feature) =>
                "takes 'amount' or a feature's name",
            _ => null,
        };
    }

    private static string? CheckWindow(FeatureDefinition definition, TimeSpan labelDelay)
    {
        var windowed = FeatureLanguage.HasWindow(definition.Function);
        if (!windowed && (definition.Window is not null || definition.After is not null || definition.Before))
            return "has no window";
        if (definition.Measure is MeasureKind.Fraud or MeasureKind.Loss && definition.After < labelDelay)
            return $"would see the future: outcomes are known {FeatureLanguage.NameOf(labelDelay)} after a payment";
        if (definition.After is not null
            && (definition.Function is FeatureFunction.Median or FeatureFunction.Distinct or FeatureFunction.Ratio || definition.ExcludingFraud))
            return "is counted up to now and takes no 'after'";
        if (definition.Window is null && definition.Function is FeatureFunction.Median or FeatureFunction.Distinct)
            return "needs a window: over all time its memory would have no bound";
        if (definition is { Function: FeatureFunction.Ratio, Statistic: FeatureFunction.Median, Window: null })
            return "needs a window: a median over all time would have no bound";
        return null;
    }

    private static string? CheckModifiers(FeatureDefinition definition, Dictionary<string, FeatureDefinition> above)
    {
        var isMean = definition.Function == FeatureFunction.Mean
            || definition is { Function: FeatureFunction.Ratio, Statistic: FeatureFunction.Mean };
        if (definition.PriorPayments > 0 && !(isMean && definition.Measure == MeasureKind.Amount))
            return "takes no 'prior': that is for means of amounts";
        if (definition.ExcludingFraud
            && !((isMean || definition.Function == FeatureFunction.Sum) && definition.Measure == MeasureKind.Amount && definition.Where is null))
            return "takes no 'excluding fraud': that is for sums and means of amounts without 'where'";
        if (definition.Where is not { } where)
            return null;
        if (definition.Function is < FeatureFunction.Count or > FeatureFunction.StandardDeviation)
            return "takes no 'where'";
        return Unknown(where.Feature, above);
    }

    private static string? Unknown(string name, Dictionary<string, FeatureDefinition> above)
    {
        if (!above.TryGetValue(name, out var definition))
            return $"refers to '{name}', which is not defined above it";
        return definition.IsKnownBefore ? null : $"refers to '{name}', which includes the payment itself; define it with 'before'";
    }
}
