namespace Tributary.Intelligence.Policy.Syntax;

/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it is.</param>
/// <param name="Value">A word, the name of an attribute or a list, the digits of a number, the content of a text.</param>
internal readonly record struct Token(TokenKind Kind, SourceSpan Span, string Value)
{
    public bool IsWord(string word) => Kind == TokenKind.Word && string.Equals(Value, word, StringComparison.OrdinalIgnoreCase);
}
