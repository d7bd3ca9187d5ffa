using System.Collections.Immutable;
using static Tributary.Intelligence.Policy.Syntax.SyntaxTree;

namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>A policy as it was written.</summary>
internal sealed record PolicySyntax(string? Name, ImmutableArray<Statement> Statements);
