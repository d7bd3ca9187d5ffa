using System.Collections.Immutable;

namespace Tributary.Intelligence.Explanations;

/// <summary>How a feature is spoken of to a person.</summary>
/// <param name="Feature">The feature's name in the schema.</param>
/// <param name="Title">What it is, as the start of a sentence: "The amount", "Payments by this card in the last hour".</param>
public sealed record FeatureWords(string Feature, string Title)
{
    /// <summary>After the number, such as "EUR" or "km"; empty for none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Digits after the point at most.</summary>
    public int Decimals { get; init; } = 2;

    /// <summary>What is usual, to compare with (the median of the good payments, say); null to leave the comparison out.</summary>
    public float? Usual { get; init; }

    /// <summary>The name of each category's code.</summary>
    public ImmutableSortedDictionary<int, string> Categories { get; init; } = ImmutableSortedDictionary<int, string>.Empty;

    /// <summary>Features of one group (one quantity over several windows) give one reason together, spoken by the strongest; null for a group of its own.</summary>
    public string? Group { get; init; }

    /// <summary>The sentence when it raises the score; <c>{title}</c>, <c>{value}</c> and <c>{usual}</c> are filled in.</summary>
    public string Raises { get; init; } = "{title} is {value}{usual}, which raises the risk.";

    /// <summary>The sentence when it lowers the score.</summary>
    public string Lowers { get; init; } = "{title} is {value}{usual}, which lowers the risk.";

    /// <summary>Words made from a feature's name, where nobody has written any.</summary>
    public static FeatureWords FromName(string feature)
    {
        var title = feature.Replace('_', ' ').Trim();
        return new FeatureWords(feature, title.Length == 0 ? "A feature without a name" : char.ToUpperInvariant(title[0]) + title[1..]);
    }

    /// <summary>A value with its unit, a category by its name; "not known" for a missing one.</summary>
    public string Say(float value, bool isCategory)
    {
        if (float.IsNaN(value))
            return "not known";
        if (isCategory)
            return value is >= 0 and < int.MaxValue && Categories.TryGetValue((int)value, out var name) ? name : "another value";
        if (float.IsInfinity(value))
            return value > 0 ? "without limit" : "below any limit";
        var number = Math.Round((decimal)Math.Clamp(value, -1e27f, 1e27f), Math.Clamp(Decimals, 0, 9)).ToString("#,0.#########");
        return Unit.Length == 0 ? number : $"{number} {Unit}";
    }
}
