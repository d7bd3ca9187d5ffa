using System.Collections.Immutable;

namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>Why a policy cannot be saved: at least one error, in the order of the text.</summary>
/// <param name="Diagnostics">Errors and warnings.</param>
public sealed record PolicyErrors(ImmutableArray<PolicyDiagnostic> Diagnostics)
{
    /// <summary>A line per diagnostic.</summary>
    public override string ToString() => string.Join('\n', Diagnostics);
}
