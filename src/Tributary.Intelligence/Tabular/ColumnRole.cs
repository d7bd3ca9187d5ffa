namespace Tributary.Intelligence.Tabular;

/// <summary>What a column of a file is for.</summary>
public enum ColumnRole
{
    /// <summary>Not read: an identifier.</summary>
    Ignored,

    /// <summary>A feature that is a quantity.</summary>
    Numeric,

    /// <summary>A feature that is a category.</summary>
    Categorical,

    /// <summary>What is to be predicted.</summary>
    Label,
}
