using System.Globalization;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Features.Definitions;

/// <summary>
/// The text form of features, a line each:
/// <code>
/// name = count | sum | mean | max | std | median | distinct | ratio | since | days_since | … [what]
///        [by KIND] [over 90s|15m|12h|7d|ever] [after 7d] [before] [excluding fraud] [where feature >= 2.5] [prior 1] [else 0]
/// </code>
/// Text that does not read is refused with the line's name and what was expected there.
/// </summary>
public static class FeatureLanguage
{
    /// <summary>The longest window.</summary>
    public static readonly TimeSpan MaxWindow = TimeSpan.FromDays(366);

    private const int MaxNameLength = 64;

    private static readonly Dictionary<string, FeatureFunction> Functions = new(StringComparer.Ordinal)
    {
        ["amount"] = FeatureFunction.Amount,
        ["hour"] = FeatureFunction.Hour,
        ["weekday"] = FeatureFunction.Weekday,
        ["weekend"] = FeatureFunction.Weekend,
        ["night"] = FeatureFunction.Night,
        ["category"] = FeatureFunction.Category,
        ["count"] = FeatureFunction.Count,
        ["sum"] = FeatureFunction.Sum,
        ["mean"] = FeatureFunction.Mean,
        ["max"] = FeatureFunction.Max,
        ["std"] = FeatureFunction.StandardDeviation,
        ["median"] = FeatureFunction.Median,
        ["distinct"] = FeatureFunction.Distinct,
        ["ratio"] = FeatureFunction.Ratio,
        ["since"] = FeatureFunction.Since,
        ["days_since"] = FeatureFunction.DaysSince,
        ["distance"] = FeatureFunction.Distance,
        ["velocity"] = FeatureFunction.Velocity,
        ["fraud_run"] = FeatureFunction.FraudRun,
        ["legitimate_run"] = FeatureFunction.LegitimateRun,
    };

    private static readonly Dictionary<string, Anchor> Anchors = new(StringComparer.Ordinal)
    {
        ["last"] = Anchor.Last,
        ["first"] = Anchor.First,
        ["same"] = Anchor.Same,
        ["last_fraud"] = Anchor.LastFraud,
        ["last_legitimate"] = Anchor.LastLegitimate,
        ["run_start"] = Anchor.RunStart,
        ["before_run"] = Anchor.BeforeRun,
    };

    private static readonly Dictionary<string, EntityKind> Kinds =
        Enum.GetValues<EntityKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>Reads one line.</summary>
    public static Result<FeatureDefinition, Refusal> ParseLine(string line)
    {
        var words = new Words(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (!words.TryTake(out var name) || !IsName(name) || !words.TryTake("="))
            return new Refusal("feature", $"'{Shorten(line)}' does not begin with a name in snake case and '='");
        return ParseExpression(name, words);
    }

    internal static string NameOf(FeatureFunction function) => Functions.First(pair => pair.Value == function).Key;

    internal static string NameOf(Anchor anchor) => Anchors.First(pair => pair.Value == anchor).Key;

    internal static string NameOf(EntityKind kind) => Kinds.First(pair => pair.Value == kind).Key;

    internal static string NameOf(MeasureKind measure) => measure switch
    {
        MeasureKind.Amount => "amount",
        MeasureKind.Fraud => "fraud",
        MeasureKind.Loss => "loss",
        _ => "payments",
    };

    internal static string NameOf(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        return seconds % 86_400 == 0 ? $"{seconds / 86_400}d"
            : seconds % 3_600 == 0 ? $"{seconds / 3_600}h"
            : seconds % 60 == 0 ? $"{seconds / 60}m"
            : $"{seconds}s";
    }

    internal static bool HasWindow(FeatureFunction function) =>
        function is >= FeatureFunction.Count and <= FeatureFunction.Ratio;

    /// <summary>A duration such as 90s, 15m, 12h or 7d.</summary>
    internal static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var seconds = count * (text[^1] switch { 's' => 1L, 'm' => 60L, 'h' => 3_600L, 'd' => 86_400L, _ => 0L });
        if (seconds <= 0 || seconds > MaxWindow.TotalSeconds)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static Result<FeatureDefinition, Refusal> ParseExpression(string name, Words words)
    {
        if (!words.TryTake(out var functionName) || !Functions.TryGetValue(functionName, out var function))
            return Expected(name, $"a function ({string.Join(", ", Functions.Keys)})", words);

        var definition = new FeatureDefinition { Name = name, Function = function };
        if (ParseSubject(ref definition, words) is { } subject)
            return Expected(name, subject, words);

        while (words.TryTake(out var word))
        {
            var expected = word switch
            {
                "by" => ParseBy(ref definition, words),
                "over" => ParseOver(ref definition, words),
                "after" => ParseAfter(ref definition, words),
                "before" => Set(ref definition, definition with { Before = true }),
                "excluding" => words.TryTake("fraud") ? Set(ref definition, definition with { ExcludingFraud = true }) : "'fraud'",
                "where" => ParseWhere(ref definition, words),
                "prior" => ParsePrior(ref definition, words),
                "else" => ParseElse(ref definition, words),
                _ => "by, over, after, before, excluding fraud, where, prior or else",
            };
            if (expected is not null)
                return Expected(name, expected, words);
        }

        return definition;
    }

    /// <summary>What stands between the function and "by"; says what was expected there, or null.</summary>
    private static string? ParseSubject(ref FeatureDefinition definition, Words words)
    {
        switch (definition.Function)
        {
            case FeatureFunction.Count or FeatureFunction.Sum or FeatureFunction.Mean or FeatureFunction.Max or FeatureFunction.StandardDeviation:
                if (words.Peek is null or "by")
                    return definition.Function == FeatureFunction.Count ? null : "a measure (amount, fraud, loss or a feature's name)";
                words.TryTake(out var measure);
                return Set(ref definition, measure switch
                {
                    "amount" => definition with { Measure = MeasureKind.Amount },
                    "fraud" => definition with { Measure = MeasureKind.Fraud },
                    "loss" => definition with { Measure = MeasureKind.Loss },
                    _ => definition with { Measure = MeasureKind.Feature, MeasuredFeature = measure },
                });
            case FeatureFunction.Median:
                return words.TryTake("amount") ? Set(ref definition, definition with { Measure = MeasureKind.Amount }) : "'amount'";
            case FeatureFunction.Distinct:
                return TakeOther(ref definition, words);
            case FeatureFunction.Ratio:
                if (!words.TryTake(out var statistic) || statistic is not ("mean" or "median" or "max"))
                    return "mean, median or max";
                return Set(ref definition, definition with { Measure = MeasureKind.Amount, Statistic = Functions[statistic] });
            case FeatureFunction.Since or FeatureFunction.DaysSince:
                if (!words.TryTake(out var anchorName) || !Anchors.TryGetValue(anchorName, out var anchor))
                    return string.Join(", ", Anchors.Keys);
                definition = definition with { Anchor = anchor };
                return anchor == Anchor.Same ? TakeOther(ref definition, words) : null;
            default:
                return null;
        }
    }

    private static string? TakeOther(ref FeatureDefinition definition, Words words) =>
        words.TryTake(out var other) && Kinds.TryGetValue(other, out var kind)
            ? Set(ref definition, definition with { Other = kind })
            : KindNames;

    private static string? ParseBy(ref FeatureDefinition definition, Words words) =>
        words.TryTake(out var by) && Kinds.TryGetValue(by, out var kind) ? Set(ref definition, definition with { By = kind }) : KindNames;

    private static string? ParseOver(ref FeatureDefinition definition, Words words)
    {
        if (words.TryTake("ever"))
            return null;
        return words.TryTake(out var text) && TryParseDuration(text, out var window)
            ? Set(ref definition, definition with { Window = window })
            : $"a window such as 90s, 15m, 12h, 7d (at most {NameOf(MaxWindow)}) or ever";
    }

    private static string? ParseAfter(ref FeatureDefinition definition, Words words) =>
        words.TryTake(out var text) && TryParseDuration(text, out var after)
            ? Set(ref definition, definition with { After = after })
            : $"a duration such as 12h or 7d (at most {NameOf(MaxWindow)})";

    private static string? ParseWhere(ref FeatureDefinition definition, Words words)
    {
        if (!words.TryTake(out var feature) || !words.TryTake(out var sign) || sign is not (">=" or "<") || !words.TryTakeNumber(out var threshold))
            return "a feature's name, >= or <, and a number";
        return Set(ref definition, definition with { Where = new FeatureCondition(feature, sign is ">=", threshold) });
    }

    private static string? ParsePrior(ref FeatureDefinition definition, Words words) =>
        words.TryTake(out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var payments) && payments is >= 1 and <= 1_000
            ? Set(ref definition, definition with { PriorPayments = payments })
            : "payments, 1 to 1000";

    private static string? ParseElse(ref FeatureDefinition definition, Words words) =>
        words.TryTakeNumber(out var value) ? Set(ref definition, definition with { Else = value }) : "a number";

    private static string? Set(ref FeatureDefinition definition, FeatureDefinition value)
    {
        definition = value;
        return null;
    }

    private static string KindNames => string.Join(", ", Kinds.Keys);

    private static Refusal Expected(string name, string expected, Words words) =>
        new(name, $"expected {expected} {(words.Taken.Length == 0 ? "after '='" : $"after '{Shorten(words.Taken)}'")}");

    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && char.IsAsciiLetterLower(text[0])
        && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_');

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";

    /// <summary>The words of a line, taken from the left.</summary>
    private sealed class Words(string[] words)
    {
        private int _next;

        public string? Peek => _next < words.Length ? words[_next] : null;

        /// <summary>What was taken so far.</summary>
        public string Taken => string.Join(' ', words, 0, _next);

        public bool TryTake(out string word)
        {
            word = Peek ?? "";
            if (_next == words.Length)
                return false;
            _next++;
            return true;
        }

        public bool TryTake(string expected)
        {
            if (!string.Equals(Peek, expected, StringComparison.Ordinal))
                return false;
            _next++;
            return true;
        }

        public bool TryTakeNumber(out double number)
        {
            number = 0;
            return TryTake(out var word)
                && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
                && double.IsFinite(number);
        }
    }
}
