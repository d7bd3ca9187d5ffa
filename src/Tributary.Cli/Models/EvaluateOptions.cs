using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Tributary.Intelligence.Protocols;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Models;

/// <summary>The words that <c>model evaluate</c> understands.</summary>
internal sealed class EvaluateOptions
{
    private const int MostReplicates = 100_000;

    private readonly Option<string> _protocol = ModelOptions.Protocol();
    private readonly Option<FileInfo> _data = ModelOptions.Data();
    private readonly Option<string?> _folds = new("--folds") { Description = "handbook: the first test day of each fold, as 2018-08-08,2018-08-15; otherwise the last weeks of the file, four at most." };
    private readonly Option<int> _trainDays = new("--train-days") { Description = "handbook: days trained on; they end seven days before the first test day.", DefaultValueFactory = static _ => 90 };
    private readonly Option<int> _topCards = new("--top-cards") { Description = "handbook: cards that can be looked at in a day.", DefaultValueFactory = static _ => 100 };
    private readonly Option<string> _features = ModelOptions.Features();
    private readonly Option<bool> _reference = new("--with-reference") { Description = "Measure the reference features beside." };
    private readonly Option<int> _replicates = new("--replicates") { Description = "Resamples of the cards for the intervals.", DefaultValueFactory = static _ => 500 };
    private readonly Option<ulong> _seed = ModelOptions.Seed();
    private readonly Option<FileInfo?> _html = new("--html") { Description = "Write a page with plots to this file." };

    internal void AddTo(Command command)
    {
        foreach (var option in (Option[])[_protocol, _data, _folds, _trainDays, _topCards, _features, _reference, _replicates, _seed, _html])
            command.Add(option);
    }

    internal Result<EvaluateRequest, Refusal> Read(ParseResult parsed)
    {
        var data = parsed.GetRequiredValue(_data);
        if (!data.Exists)
            return new Refusal("--data", Directory.Exists(data.FullName) ? $"{data.FullName} is a folder: name the file in it" : $"{data.FullName} does not exist");
        if (!ReadFolds(parsed.GetValue(_folds)).TryGet(out var folds, out var refusal))
            return refusal;
        var format = PaymentFormat.Find(parsed.GetRequiredValue(_protocol))!;
        if (!ModelOptions.ReadFeatures(parsed.GetValue(_features)!, format).TryGet(out var features, out refusal))
            return refusal;
        if (parsed.GetValue(_replicates) is < 1 or > MostReplicates)
            return new Refusal("--replicates", $"is a number from 1 to {MostReplicates}");
        var html = parsed.GetValue(_html);
        if (html is { Directory.Exists: false })
            return new Refusal("--html", $"the folder {html.DirectoryName} does not exist");
        return new EvaluateRequest(
            format,
            data,
            [.. folds],
            parsed.GetValue(_trainDays),
            parsed.GetValue(_topCards),
            features,
            parsed.GetValue(_reference),
            parsed.GetValue(_replicates),
            parsed.GetValue(_seed),
            html,
            ModelOptions.CommandLine(parsed));
    }

    private static Result<ImmutableList<DateOnly>, Refusal> ReadFolds(string? text)
    {
        var folds = ImmutableList<DateOnly>.Empty;
        foreach (var word in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                return new Refusal("--folds", $"'{word}' is not a date such as 2018-08-08");
            if (folds.Contains(date))
                return new Refusal("--folds", $"names {word} twice");
            folds = folds.Add(date);
        }

        return folds;
    }
}
