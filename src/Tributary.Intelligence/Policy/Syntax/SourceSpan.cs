namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>A place in a policy's text.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Start">Offset in the text.</param>
/// <param name="Length">Characters.</param>
public readonly record struct SourceSpan(int Line, int Column, int Start, int Length);
