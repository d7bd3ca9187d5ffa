using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Tributary.Cli.Reporting;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Tabular;
using Tributary.Intelligence.Training;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Fairness;

/// <summary>
/// <c>tributary model fairness</c>: how decisions by a threshold treat the groups of a protected attribute. With <c>--score</c> the scores of the file are
/// audited; without, a model is trained before and after reweighing, and both are audited on rows that they have not seen.
/// </summary>
internal static class FairnessCommand
{
    private static readonly Option<FileInfo[]> s_data = new("--data")
    {
        Description = "The table; several files of one format are read as one. Files ending in .gz are decompressed.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> s_protected = new("--protected") { Description = "The column of the protected attribute. No model sees it.", Required = true };

    private static readonly Option<string?> s_format = new("--format")
    {
        Description = $"A published format: {string.Join(", ", TabularFormat.All.Select(static format => format.Name))}. Otherwise the file has a header and --label says what is predicted.",
    };

    private static readonly Option<string?> s_label = new("--label") { Description = "The column that is predicted." };

    private static readonly Option<string?> s_positive = new("--positive") { Description = "The label's text for a positive; otherwise the later of its two texts in the order of the alphabet." };

    private static readonly Option<string[]> s_categorical = new("--categorical") { Description = "Columns that are categories although their values are numbers.", AllowMultipleArgumentsPerToken = true };

    private static readonly Option<string[]> s_ignore = new("--ignore") { Description = "Columns that are no features, such as identifiers.", AllowMultipleArgumentsPerToken = true };

    private static readonly Option<string?> s_bands = new("--bands") { Description = "Where a protected quantity is cut into groups, such as 25,60 for an age." };

    private static readonly Option<string?> s_score = new("--score") { Description = "A column of scores from 0 to 1 to audit instead of training; needs --threshold." };

    private static readonly Option<double?> s_threshold = new("--threshold") { Description = "The deployed threshold: at or above it a row is selected. Otherwise the one worth most on validation rows." };

    private static readonly Option<bool> s_feared = new("--feared") { Description = "Being selected is what people fear (a block), not what they want (a loan)." };

    private static readonly Option<string> s_value = new("--value")
    {
        Description = "What a true positive, false positive, true negative and false negative are worth, in minor units.",
        DefaultValueFactory = static _ => "100,-100,0,-100",
    };

    private static readonly Option<int> s_trees = new("--trees") { Description = "Trees of the model.", DefaultValueFactory = static _ => 100 };

    private static readonly Option<int> s_replicates = new("--replicates") { Description = "Resamples of the bootstrap.", DefaultValueFactory = static _ => 1_000 };

    internal static Command Create()
    {
        var command = new Command("fairness", "Group metrics with confidence intervals, and what reweighing changes and costs.")
        {
            s_data, s_protected, s_format, s_label, s_positive, s_categorical, s_ignore, s_bands, s_score, s_threshold, s_feared, s_value, s_trees, s_replicates,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var writer = ReportWriter.For(parsed);
        if (!Value(parsed).TryGet(out var value, out var refusal) || !Bands(parsed).TryGet(out var bands, out refusal)
            || !Format(parsed).TryGet(out var format, out refusal)
            || !TabularReader.ReadFiles(format, [.. parsed.GetRequiredValue(s_data).Select(static file => file.FullName)]).TryGet(out var table, out refusal))
        {
            return writer.Fail(refusal);
        }

        var result = parsed.GetValue(s_score) is { } column
            ? Audit(parsed, table, column, value, bands)
            : Study(parsed, table, value, bands, cancellationToken);
        return result.TryGet(out var report, out refusal)
            ? writer.Report(report.Json, FairnessJson.Default.FairnessDocument, (terminal, _) => terminal.Profile.Out.Writer.Write(report.Text))
            : writer.Fail(refusal);
    }

    private static Result<(FairnessDocument Json, string Text), Refusal> Study(
        ParseResult parsed, TabularTable table, OutcomeValue value, ImmutableArray<float> bands, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(s_trees) is < 1 or > 10_000)
            return new Refusal("--trees", "1 to 10,000 trees are possible.");
        if (parsed.GetValue(s_threshold) is { } threshold && double.IsNaN(threshold))
            return new Refusal("--threshold", "The threshold is not a number.");
        var options = new FairnessStudyOptions(Attribute(parsed), !parsed.GetValue(s_feared), value)
        {
            Bands = bands,
            Replicates = parsed.GetValue(s_replicates),
            Threshold = parsed.GetValue(s_threshold),
            Trees = new GbdtOptions { TreeCount = parsed.GetValue(s_trees), LearningRate = 0.1, MinLeafRows = 40 },
        };
        return FairnessStudy.Run(table, options, cancellationToken).Then<(FairnessDocument, string)>(static study => (FairnessDocument.Of(study), study.ToText()));
    }

    private static Result<(FairnessDocument Json, string Text), Refusal> Audit(
        ParseResult parsed, TabularTable table, string column, OutcomeValue value, ImmutableArray<float> bands)
    {
        if (parsed.GetValue(s_threshold) is not { } threshold)
            return new Refusal("--threshold", "Scores are audited at the threshold that is deployed.");
        if (!AuditTable.Create(table, Attribute(parsed), bands).TryGet(out var rows, out var refusal))
            return refusal;
        var place = rows.X.Schema.Names.IndexOf(column);
        if (place < 0 || rows.X.Schema.Kinds[place] != Intelligence.Data.FeatureKind.Numeric)
            return new Refusal("--score", $"\"{column}\" is no column of numbers.");
        double[] scores = [.. rows.X.Column(place).ToArray().Select(static score => (double)score)];
        var options = new FairnessOptions(threshold, !parsed.GetValue(s_feared), value) { Replicates = parsed.GetValue(s_replicates) };
        return FairnessAudit.Run(scores, rows.Y, rows.Protected, options)
            .Then<(FairnessDocument, string)>(report => (FairnessDocument.Of(table.Name, scores.Length, report), report.ToText()));
    }

    // The usual other names of the attribute go with it, so that "gender" is taken out beside "sex".
    private static ProtectedAttribute Attribute(ParseResult parsed)
    {
        var column = parsed.GetRequiredValue(s_protected);
        return ProtectedAttributes.Usual.Attributes.FirstOrDefault(attribute => attribute.IsNamedBy(column)) is { } usual
            ? ProtectedAttribute.Named(column, [usual.Name, .. usual.Aliases])
            : ProtectedAttribute.Named(column);
    }

    private static Result<TabularFormat, Refusal> Format(ParseResult parsed)
    {
        if (parsed.GetValue(s_format) is { } name)
        {
            return TabularFormat.All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.Ordinal)) is { } known
                ? known
                : new Refusal("--format", $"\"{name}\" is no published format that is known.");
        }

        if (parsed.GetValue(s_label) is not { } label)
            return new Refusal("--label", "Say which column is predicted, or which published format the file has.");
        IEnumerable<string> categorical = parsed.GetValue(s_categorical) ?? [];
        if (parsed.GetValue(s_bands) is null)
            categorical = categorical.Append(parsed.GetRequiredValue(s_protected));
        return TabularInference.Infer(parsed.GetRequiredValue(s_data)[0].FullName, label, parsed.GetValue(s_positive), [.. categorical], parsed.GetValue(s_ignore) ?? []);
    }

    private static Result<OutcomeValue, Refusal> Value(ParseResult parsed)
    {
        const long Most = 1_000_000_000_000;
        var texts = parsed.GetRequiredValue(s_value).Split(',');
        var values = new long[4];
        for (var i = 0; i < values.Length; i++)
        {
            if (texts.Length != values.Length || !long.TryParse(texts[i], NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out values[i])
                || values[i] is < -Most or > Most)
            {
                return new Refusal("--value", "Four whole numbers of minor units, with commas between: true positive, false positive, true negative, false negative.");
            }
        }

        return new OutcomeValue(values[0], values[1], values[2], values[3]);
    }

    private static Result<ImmutableArray<float>, Refusal> Bands(ParseResult parsed)
    {
        var bands = ImmutableArray.CreateBuilder<float>();
        foreach (var text in parsed.GetValue(s_bands)?.Split(',') ?? [])
        {
            if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var band))
                return new Refusal("--bands", $"\"{text}\" is not a number.");
            bands.Add(band);
        }

        return bands.ToImmutable();
    }
}
