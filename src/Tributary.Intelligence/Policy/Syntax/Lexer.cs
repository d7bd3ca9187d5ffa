namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>Cuts a policy's text into tokens. Total: every character is consumed, what is unknown becomes an error and a bad token.</summary>
internal sealed class Lexer(string text, DiagnosticBag diagnostics)
{
    private int _position;
    private int _line = 1;
    private int _lineStart;

    public List<Token> ReadAll()
    {
        List<Token> tokens = [];
        do
            tokens.Add(Next());
        while (tokens[^1].Kind != TokenKind.End && !diagnostics.IsFull);
        if (tokens[^1].Kind != TokenKind.End)
            tokens.Add(new Token(TokenKind.End, SpanFrom(_position), ""));
        return tokens;
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private Token Next()
    {
        SkipSpace();
        var start = _position;
        if (start >= text.Length)
            return new Token(TokenKind.End, SpanFrom(start), "");

        var c = text[start];
        if (IsWordStart(c))
            return Word(start);
        if (char.IsAsciiDigit(c))
            return Number(start);
        return c switch
        {
            ':' => Attribute(start),
            '@' => List(start),
            '\'' or '"' => Text(start, c),
            _ => Symbol(start, c),
        };
    }

    private void SkipSpace()
    {
        while (_position < text.Length)
        {
            var c = text[_position];
            if (c == '#')
            {
                while (_position < text.Length && text[_position] != '\n')
                    _position++;
                continue;
            }

            if (c is not (' ' or '\t' or '\r' or '\n'))
                return;
            _position++;
            if (c != '\n')
                continue;
            _line++;
            _lineStart = _position;
        }
    }

    private SourceSpan SpanFrom(int start) => new(_line, start - _lineStart + 1, start, _position - start);

    private Token Word(int start)
    {
        while (_position < text.Length && IsWordPart(text[_position]))
            _position++;
        return new Token(TokenKind.Word, SpanFrom(start), text[start.._position]);
    }

    // Underscores may group digits; a point needs a digit behind it.
    private Token Number(int start)
    {
        while (_position < text.Length && (char.IsAsciiDigit(text[_position]) || text[_position] == '_'))
            _position++;
        if (_position + 1 < text.Length && text[_position] == '.' && char.IsAsciiDigit(text[_position + 1]))
        {
            _position++;
            while (_position < text.Length && char.IsAsciiDigit(text[_position]))
                _position++;
        }

        var digits = text[start.._position].Replace("_", "", StringComparison.Ordinal);
        var span = SpanFrom(start);
        if (digits.Length - (digits.Contains('.', StringComparison.Ordinal) ? 1 : 0) <= PolicyLimits.MaxDigits)
            return new Token(TokenKind.Number, span, digits);
        diagnostics.Error(span, "The number is too long.", $"Write at most {PolicyLimits.MaxDigits} digits.");
        return new Token(TokenKind.Number, span, "0");
    }

    private Token Attribute(int start)
    {
        var end = start + 1;
        while (end < text.Length && IsWordPart(text[end]))
            end++;
        if (end == start + 1 || end >= text.Length || text[end] != ':')
        {
            _position = Math.Max(end, start + 1);
            var span = SpanFrom(start);
            diagnostics.Error(span, "A colon stands alone.", "An attribute stands between two colons without spaces, such as :amount:.");
            return new Token(TokenKind.Bad, span, "");
        }

        _position = end + 1;
        return new Token(TokenKind.Attribute, SpanFrom(start), text[(start + 1)..end]);
    }

    private Token List(int start)
    {
        _position++;
        while (_position < text.Length && IsWordPart(text[_position]))
            _position++;
        var span = SpanFrom(start);
        if (span.Length > 1)
            return new Token(TokenKind.List, span, text[(start + 1).._position]);
        diagnostics.Error(span, "@ stands alone.", "A list is written @name or list(name).");
        return new Token(TokenKind.Bad, span, "");
    }

    // The quote is doubled to stand in the text; a text ends on its line.
    private Token Text(int start, char quote)
    {
        _position++;
        while (_position < text.Length && text[_position] is not ('\n' or '\r'))
        {
            if (text[_position] != quote)
            {
                _position++;
                continue;
            }

            if (_position + 1 >= text.Length || text[_position + 1] != quote)
            {
                var value = text[(start + 1).._position].Replace(new string(quote, 2), quote.ToString(), StringComparison.Ordinal);
                _position++;
                return CheckedText(start, value);
            }

            _position += 2;
        }

        var span = SpanFrom(start);
        diagnostics.Error(span, "The text does not end on its line.", $"Close it with {quote}.");
        return new Token(TokenKind.Text, span, "");
    }

    private Token CheckedText(int start, string value)
    {
        var span = SpanFrom(start);
        if (value.Length > PolicyLimits.MaxTextLiteralLength)
            diagnostics.Error(span, "The text is too long.", $"Write at most {PolicyLimits.MaxTextLiteralLength} characters, or use a list.");
        if (value.Any(char.IsControl))
            diagnostics.Error(span, "The text holds a control character.", "Take it out.");
        return new Token(TokenKind.Text, span, value);
    }

    private Token Symbol(int start, char c)
    {
        var next = start + 1 < text.Length ? text[start + 1] : '\0';
        var (kind, length) = (c, next) switch
        {
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '>') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessOrEqual, 2),
            ('>', '=') => (TokenKind.GreaterOrEqual, 2),
            ('&', '&') => (TokenKind.And, 2),
            ('|', '|') => (TokenKind.Or, 2),
            ('=', _) => (TokenKind.Equal, 1),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.Greater, 1),
            ('!', _) => (TokenKind.Not, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('*', _) => (TokenKind.Times, 1),
            ('/', _) => (TokenKind.Over, 1),
            ('(', _) => (TokenKind.LeftParenthesis, 1),
            (')', _) => (TokenKind.RightParenthesis, 1),
            ('{', _) => (TokenKind.LeftBrace, 1),
            ('}', _) => (TokenKind.RightBrace, 1),
            ('[', _) => (TokenKind.LeftBracket, 1),
            (']', _) => (TokenKind.RightBracket, 1),
            (',', _) => (TokenKind.Comma, 1),
            (';', _) => (TokenKind.Semicolon, 1),
            _ => (TokenKind.Bad, 1),
        };

        _position += length;
        var span = SpanFrom(start);
        if (kind == TokenKind.Bad)
            diagnostics.Error(span, $"{Describe(c)} is not part of the language.", AdviceFor(c));
        return new Token(kind, span, text.Substring(start, length));
    }

    private static string Describe(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"The character U+{(int)c:X4}" : $"\"{c}\"";

    private static string AdviceFor(char c) => c switch
    {
        '“' or '”' or '‘' or '’' or '„' or '«' or '»' => "Put texts in straight quotes: 'like this'.",
        '≥' => "Write >=.",
        '≤' => "Write <=.",
        '≠' => "Write !=.",
        '×' => "Write *.",
        '÷' => "Write /.",
        '–' or '—' or '−' => "Write - for minus.",
        '€' or '$' or '£' or '₿' => "Amounts are written as plain numbers in the unit of the attribute.",
        '%' => "Write a share as a fraction: 0.8 for 80 %.",
        '&' => "Write and.",
        '|' => "Write or.",
        '\u00a0' => "It is a space that does not break: replace it by a plain one.",
        _ => "Take it out.",
    };
}
