namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>The value of a fact. The default is a missing value.</summary>
public readonly record struct FactValue
{
    private readonly long _bits;
    private readonly string? _text;

    private FactValue(FactValueKind kind, long bits, string? text)
    {
        Kind = kind;
        _bits = bits;
        _text = text;
    }

    /// <summary>What the value is.</summary>
    public FactValueKind Kind { get; }

    /// <summary>No value.</summary>
    public static FactValue Missing => default;

    /// <summary>True or false.</summary>
    public static FactValue Of(bool value) => new(FactValueKind.Truth, value ? 1 : 0, text: null);

    /// <summary>A whole number, or an amount in minor units.</summary>
    public static FactValue Of(long value) => new(FactValueKind.Fixed, value, text: null);

    /// <summary>A number; NaN is missing.</summary>
    public static FactValue Of(double value) => double.IsNaN(value) ? Missing : new(FactValueKind.Number, BitConverter.DoubleToInt64Bits(value), text: null);

    /// <summary>A text; null is missing.</summary>
    public static FactValue Of(string? value) => value is null ? Missing : new(FactValueKind.Text, bits: 0, value);

    /// <summary>The truth; false where the value is none.</summary>
    public bool AsTruth => Kind == FactValueKind.Truth && _bits != 0;

    /// <summary>The whole number; zero where the value is none.</summary>
    public long AsFixed => Kind == FactValueKind.Fixed ? _bits : 0;

    /// <summary>The number; NaN where the value is none.</summary>
    public double AsNumber => Kind == FactValueKind.Number ? BitConverter.Int64BitsToDouble(_bits) : double.NaN;

    /// <summary>The text; null where the value is none.</summary>
    public string? AsText => _text;

    /// <summary>The value as it is shown to an analyst.</summary>
    public override string ToString() => Kind switch
    {
        FactValueKind.Truth => AsTruth ? "true" : "false",
        FactValueKind.Fixed => AsFixed.ToString(),
        FactValueKind.Number => AsNumber.ToString("R"),
        FactValueKind.Text => _text!,
        _ => "missing",
    };
}
