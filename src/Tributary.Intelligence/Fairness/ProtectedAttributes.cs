using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Fairness;

/// <summary>
/// The protected attributes of a merchant. Whatever decides is checked against them when it is put together, so that none can enter a decision:
/// not as a feature, not as a fact that a policy could ask for.
/// </summary>
/// <param name="Attributes">The attributes; stating none is a choice that is made in the open.</param>
public sealed record ProtectedAttributes(ImmutableArray<ProtectedAttribute> Attributes)
{
    /// <summary>No attribute is protected.</summary>
    public static ProtectedAttributes None { get; } = new([]);

    /// <summary>The attributes that European law names first (Charter of Fundamental Rights, article 21), with usual names of their columns.</summary>
    public static ProtectedAttributes Usual { get; } = new(
    [
        ProtectedAttribute.Named("sex", "gender", "is_female", "is_male"),
        ProtectedAttribute.Named("race", "ethnicity", "ethnic_origin", "skin_color", "skin_colour"),
        ProtectedAttribute.Named("religion", "belief"),
        ProtectedAttribute.Named("disability"),
        ProtectedAttribute.Named("sexual_orientation"),
        ProtectedAttribute.Named("political_opinion"),
    ]);

    /// <summary>Null when none of the columns is protected; else the first that is.</summary>
    public Refusal? Check(IEnumerable<string> columns)
    {
        foreach (var column in columns)
        {
            if (Attributes.FirstOrDefault(attribute => attribute.IsNamedBy(column)) is { } attribute)
                return new Refusal(column, $"\"{attribute.Name}\" is protected: it is for audits and for reweighing, never for decisions. Take the column out of what decides.");
        }

        return null;
    }

    /// <summary>As <see cref="Check(IEnumerable{string})"/>, for the features that a model scores.</summary>
    public Refusal? Check(FeatureSchema schema) => Check(schema.Names);
}
