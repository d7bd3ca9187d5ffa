using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tributary.Intelligence.Data;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Features.Definitions;

/// <summary>
/// Features that are computed together, checked against each other, with what they share: the label delay and the currency's decimals.
/// The text form states both and then a feature a line; '#' begins a comment.
/// <code>
/// label delay 7d
/// decimals 2
/// amount_to_mean = ratio mean by customer over ever excluding fraud prior 1
/// spikes_14d = count by customer over 14d before where amount_to_mean >= 2.5
/// </code>
/// </summary>
public sealed class FeatureSet
{
    /// <summary>Features of a set at most.</summary>
    public const int MaxFeatures = 256;

    private const int MaxTextLength = 64 * 1024;

    private FeatureSet(ImmutableArray<FeatureDefinition> definitions, TimeSpan labelDelay, int decimals)
    {
        Definitions = definitions;
        LabelDelay = labelDelay;
        Decimals = decimals;
        Schema = new FeatureSchema([.. definitions.Select(definition => definition.Name)], [.. definitions.Select(definition => definition.Kind)]);
        Fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(ToString())).ToImmutableArray();
    }

    /// <summary>The features, in the order of a row.</summary>
    public ImmutableArray<FeatureDefinition> Definitions { get; }

    /// <summary>How long after a payment its outcome counts as known. No feature sees an outcome earlier, whenever it is reported.</summary>
    public TimeSpan LabelDelay { get; }

    /// <summary>Decimals of the amounts: minor units of a major one, as a power of ten.</summary>
    public int Decimals { get; }

    /// <summary>The names and kinds of a row.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>SHA-256 of the text form: two sets with the same one compute the same.</summary>
    public ImmutableArray<byte> Fingerprint { get; }

    /// <summary>Checks definitions and puts them together.</summary>
    /// <param name="definitions">The features; one may refer to those above it.</param>
    /// <param name="labelDelay">From 0 to 366 days, whole seconds.</param>
    /// <param name="decimals">From 0 to 11.</param>
    public static Result<FeatureSet, Refusal> Create(IEnumerable<FeatureDefinition> definitions, TimeSpan labelDelay, int decimals = 2)
    {
        if (labelDelay < TimeSpan.Zero || labelDelay > FeatureLanguage.MaxWindow || labelDelay.Ticks % TimeSpan.TicksPerSecond != 0)
            return new Refusal("label delay", "is not from 0 to 366 days in whole seconds");
        if (decimals is < 0 or > 11)
            return new Refusal("decimals", "is not from 0 to 11");

        var known = new Dictionary<string, FeatureDefinition>(StringComparer.Ordinal);
        var list = ImmutableArray.CreateBuilder<FeatureDefinition>();
        foreach (var definition in definitions)
        {
            if (list.Count == MaxFeatures)
                return new Refusal(definition.Name, $"is one feature too many: a set has at most {MaxFeatures}");
            if (FeatureRules.Check(definition, known, labelDelay) is { } reason)
                return new Refusal(definition.Name, reason);
            known.Add(definition.Name, definition);
            list.Add(definition);
        }

        if (list.Count == 0)
            return new Refusal("features", "there are none");
        return new FeatureSet(list.ToImmutable(), labelDelay, decimals);
    }

    /// <summary>Reads the text form.</summary>
    public static Result<FeatureSet, Refusal> Parse(string text)
    {
        if (text.Length > MaxTextLength)
            return new Refusal("features", $"the text is longer than {MaxTextLength} characters");

        var labelDelay = TimeSpan.FromDays(7);
        var decimals = 2;
        var definitions = new List<FeatureDefinition>();
        foreach (var raw in text.Split('\n'))
        {
            var line = (raw.IndexOf('#', StringComparison.Ordinal) is >= 0 and var comment ? raw[..comment] : raw).Trim();
            if (line.Length == 0)
                continue;
            if (line.StartsWith("label delay ", StringComparison.Ordinal))
            {
                var delay = line["label delay ".Length..].Trim();
                if (delay is "0")
                    labelDelay = TimeSpan.Zero;
                else if (!FeatureLanguage.TryParseDuration(delay, out labelDelay))
                    return new Refusal("label delay", "is not 0 or a duration such as 12h or 7d");
            }
            else if (line.StartsWith("decimals ", StringComparison.Ordinal))
            {
                if (!int.TryParse(line.AsSpan("decimals ".Length), NumberStyles.None, CultureInfo.InvariantCulture, out decimals))
                    return new Refusal("decimals", "is not a number from 0 to 11");
            }
            else if (FeatureLanguage.ParseLine(line).TryGet(out var definition, out var refusal))
            {
                definitions.Add(definition);
            }
            else
            {
                return refusal;
            }
        }

        return Create(definitions, labelDelay, decimals);
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("label delay ").Append(LabelDelay == TimeSpan.Zero ? "0" : FeatureLanguage.NameOf(LabelDelay)).Append('\n');
        text.Append("decimals ").Append(Decimals).Append('\n');
        foreach (var definition in Definitions)
            text.Append(definition).Append('\n');
        return text.ToString();
    }
}
