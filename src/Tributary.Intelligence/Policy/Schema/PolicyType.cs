namespace Tributary.Intelligence.Policy.Schema;

/// <summary>The type of an attribute or an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Decimals">For <see cref="PolicyTypeKind.Fixed"/>: decimals between the unit that analysts write and the minor unit that is stored.</param>
/// <param name="Unit">For amounts: the currency's name; null for a count.</param>
public readonly record struct PolicyType(PolicyTypeKind Kind, int Decimals = 0, string? Unit = null)
{
    /// <summary>True or false.</summary>
    public static PolicyType Truth => new(PolicyTypeKind.Truth);

    /// <summary>A number with fractions.</summary>
    public static PolicyType Number => new(PolicyTypeKind.Number);

    /// <summary>A whole number.</summary>
    public static PolicyType Integer => new(PolicyTypeKind.Fixed);

    /// <summary>A text.</summary>
    public static PolicyType Text => new(PolicyTypeKind.Text);

    /// <summary>An amount of money: stored in minor units, written in policies in major ones ("EUR" with 2 decimals, "BTC" with 8).</summary>
    public static PolicyType Amount(string unit, int decimals) => new(PolicyTypeKind.Fixed, decimals, unit);

    /// <summary>True for numbers, counts and amounts.</summary>
    public bool IsNumeric => Kind is PolicyTypeKind.Number or PolicyTypeKind.Fixed;

    /// <summary>The type in words.</summary>
    public override string ToString() => Kind switch
    {
        PolicyTypeKind.Truth => "true or false",
        PolicyTypeKind.Number => "a number",
        PolicyTypeKind.Fixed when Unit is not null => $"an amount in {Unit}",
        PolicyTypeKind.Fixed => "a whole number",
        _ => "a text",
    };
}
