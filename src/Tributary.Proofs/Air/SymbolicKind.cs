namespace Tributary.Proofs.Air;

/// <summary>What a node of a symbolic expression is.</summary>
public enum SymbolicKind
{
    /// <summary>A base field element.</summary>
    Constant,

    /// <summary>A cell of this row.</summary>
    Main,

    /// <summary>A cell of the next row.</summary>
    Next,

    /// <summary>A fixed cell of this row.</summary>
    Preprocessed,

    /// <summary>A fixed cell of the next row.</summary>
    PreprocessedNext,

    /// <summary>A public value.</summary>
    Public,

    /// <summary>The selector of the first row.</summary>
    IsFirstRow,

    /// <summary>The selector of the last row.</summary>
    IsLastRow,

    /// <summary>The selector of all rows but the last.</summary>
    IsTransition,

    /// <summary>A sum.</summary>
    Add,

    /// <summary>A difference.</summary>
    Subtract,

    /// <summary>A product.</summary>
    Multiply,
}
