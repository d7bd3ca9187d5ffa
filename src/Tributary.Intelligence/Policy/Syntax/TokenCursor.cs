namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>Walks over tokens; the last one is always <see cref="TokenKind.End"/> and never passed.</summary>
internal sealed class TokenCursor(List<Token> tokens)
{
    private int _position;

    public Token Current => tokens[_position];

    public Token Following => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    public Token Previous => tokens[Math.Max(0, _position - 1)];

    public Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
            _position++;
        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Take();
        return true;
    }

    public bool TryTakeWord(string word)
    {
        if (!Current.IsWord(word))
            return false;
        Take();
        return true;
    }

    /// <summary>From the start of one token to the end of the last one taken.</summary>
    public SourceSpan SpanFrom(SourceSpan start) => start with { Length = Math.Max(start.Length, Previous.Span.Start + Previous.Span.Length - start.Start) };

    /// <summary>The current token in words.</summary>
    public string Describe() => Current.Kind switch
    {
        TokenKind.End => "the end of the text",
        TokenKind.Text => $"the text '{Current.Value}'",
        TokenKind.Attribute => $":{Current.Value}:",
        TokenKind.List => $"@{Current.Value}",
        _ => $"\"{Current.Value}\"",
    };
}
