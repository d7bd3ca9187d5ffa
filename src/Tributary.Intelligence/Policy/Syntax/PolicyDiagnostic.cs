namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>Something wrong with a policy, or doubtful about it.</summary>
/// <param name="IsError">False for a warning: the policy can be saved all the same.</param>
/// <param name="Span">Where.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Advice">What to do.</param>
public sealed record PolicyDiagnostic(bool IsError, SourceSpan Span, string Message, string Advice)
{
    /// <summary>One line: place, what is wrong, what to do.</summary>
    public override string ToString() => $"line {Span.Line}, column {Span.Column}: {(IsError ? "" : "warning: ")}{Message} {Advice}";
}
