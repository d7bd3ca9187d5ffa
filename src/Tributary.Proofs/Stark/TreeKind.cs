namespace Tributary.Proofs.Stark;

/// <summary>The oracles of a proof, in the order of their commitments.</summary>
internal enum TreeKind
{
    /// <summary>Columns that the verifying key fixes.</summary>
    Preprocessed,

    /// <summary>The trace.</summary>
    Main,

    /// <summary>The columns of the lookup argument.</summary>
    Lookup,

    /// <summary>The chunks of the quotients.</summary>
    Quotient,
}
