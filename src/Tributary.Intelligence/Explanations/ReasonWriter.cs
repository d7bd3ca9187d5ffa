using System.Collections.Immutable;
using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Explanations;

/// <summary>Turns contributions into sentences.</summary>
public sealed class ReasonWriter
{
    private readonly FeatureSchema _schema;
    private readonly FeatureWords[] _words;

    /// <param name="schema">The features.</param>
    /// <param name="words">How they are spoken of; a feature without words is spoken of by its name.</param>
    public ReasonWriter(FeatureSchema schema, IEnumerable<FeatureWords> words)
    {
        _schema = schema;
        var byName = words.ToDictionary(word => word.Feature, StringComparer.Ordinal);
        _words = [.. schema.Names.Select(name => byName.GetValueOrDefault(name) ?? FeatureWords.FromName(name))];
    }

    /// <summary>How a feature is spoken of.</summary>
    public FeatureWords Words(int feature) => _words[feature];

    /// <summary>A value as it is said.</summary>
    public string Say(int feature, float value) => _words[feature].Say(value, _schema.Kinds[feature] == FeatureKind.Categorical);

    /// <summary>The strongest reasons, those that raise the score first.</summary>
    /// <param name="row">The row.</param>
    /// <param name="contributions">What each feature adds to the raw score.</param>
    /// <param name="most">Reasons at most, of each direction.</param>
    /// <param name="least">Contributions nearer to zero than this are no reason.</param>
    public ImmutableArray<ReasonCode> Write(ReadOnlySpan<float> row, ReadOnlySpan<double> contributions, int most = 4, double least = 0.05)
    {
        var groups = new Dictionary<string, (double Sum, int Strongest)>(StringComparer.Ordinal);
        for (var feature = 0; feature < contributions.Length; feature++)
        {
            var key = _words[feature].Group ?? $"\0{feature}";
            groups[key] = groups.TryGetValue(key, out var group)
                ? (group.Sum + contributions[feature], Math.Abs(contributions[feature]) > Math.Abs(contributions[group.Strongest]) ? feature : group.Strongest)
                : (contributions[feature], feature);
        }

        // The strongest of a group may pull against its sum; then the strongest that agrees with the sum speaks.
        var reasons = new List<ReasonCode>();
        foreach (var (sum, strongest) in groups.Values)
        {
            if (sum == 0 || Math.Abs(sum) < least)
                continue;
            var feature = strongest;
            for (var other = 0; Math.Sign(contributions[feature]) != Math.Sign(sum) && other < contributions.Length; other++)
            {
                if (_words[other].Group is { } name && name.Equals(_words[strongest].Group, StringComparison.Ordinal) && Math.Sign(contributions[other]) == Math.Sign(sum))
                    feature = other;
            }

            reasons.Add(new ReasonCode(_schema.Names[feature], row[feature], sum, Sentence(feature, row[feature], sum > 0)));
        }

        return
        [
            .. reasons.Where(reason => reason.Raises).OrderByDescending(reason => reason.Contribution).Take(most),
            .. reasons.Where(reason => !reason.Raises).OrderBy(reason => reason.Contribution).Take(most),
        ];
    }

    private string Sentence(int feature, float value, bool raises)
    {
        var words = _words[feature];
        var usual = words.Usual is { } typical && !float.IsNaN(value) ? $" (usually {Say(feature, typical)})" : "";
        return (raises ? words.Raises : words.Lowers)
            .Replace("{title}", words.Title, StringComparison.Ordinal)
            .Replace("{value}", Say(feature, value), StringComparison.Ordinal)
            .Replace("{usual}", usual, StringComparison.Ordinal);
    }
}
