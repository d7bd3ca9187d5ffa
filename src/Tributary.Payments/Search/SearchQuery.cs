using System.Collections.Immutable;
using System.Globalization;
using Tributary.Payments.Errors;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Search;

/// <summary>
/// A query in Stripe's search language: conditions like <c>status:'succeeded'</c>, <c>metadata['order']:'17'</c>, <c>created>1700000000</c>, a
/// minus for the opposite, joined by AND or by OR and never by both.
/// </summary>
/// <param name="Clauses">The conditions.</param>
/// <param name="IsAny">One of them is enough.</param>
public sealed record SearchQuery(ImmutableArray<SearchClause> Clauses, bool IsAny)
{
    private const int TextMax = 2000;
    private const int ClausesMax = 10;

    /// <summary>Reads a query; an error names what is wrong and where.</summary>
    public static Result<SearchQuery, PaymentError> Parse(string text, SearchTable table)
    {
        if (text.Length > TextMax)
            return Wrong($"A query has at most {TextMax} characters.");
        var reader = new Reader(text, table);
        var clauses = ImmutableArray.CreateBuilder<SearchClause>();
        string? joined = null;
        while (true)
        {
            if (reader.ReadClause(out var clause) is { } problem)
                return Wrong(problem);
            clauses.Add(clause!);
            if (reader.IsAtEnd)
                return new SearchQuery(clauses.ToImmutable(), string.Equals(joined, "OR", StringComparison.OrdinalIgnoreCase));
            var word = reader.ReadWord();
            if (!string.Equals(word, "AND", StringComparison.OrdinalIgnoreCase) && !string.Equals(word, "OR", StringComparison.OrdinalIgnoreCase))
                return Wrong($"At '{word}': conditions are joined by AND or OR.");
            if (joined is not null && !string.Equals(joined, word, StringComparison.OrdinalIgnoreCase))
                return Wrong("A query joins its conditions by AND or by OR, not by both.");
            joined = word;
            if (clauses.Count == ClausesMax)
                return Wrong($"A query has at most {ClausesMax} conditions.");
        }
    }

    private static PaymentError Wrong(string message) => PaymentError.Invalid("search_query_invalid", "query", message);

    private ref struct Reader(ReadOnlySpan<char> text, SearchTable table)
    {
        private ReadOnlySpan<char> _rest = text.Trim();

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public string ReadWord()
        {
            var length = 0;
            while (length < _rest.Length && (char.IsAsciiLetterOrDigit(_rest[length]) || _rest[length] == '_'))
                length++;
            var word = _rest[..length].ToString();
            _rest = _rest[length..].TrimStart();
            return word;
        }

        public string? ReadClause(out SearchClause? clause)
        {
            clause = null;
            var isNegated = _rest.StartsWith("-");
            if (isNegated)
                _rest = _rest[1..];
            var name = ReadWord();
            var field = table.Find(name);
            if (field is null)
                return $"'{name}' is no field that can be searched: use {string.Join(", ", table.Fields.Select(static field => field.Name))}.";
            string? key = null;
            if (field.Column is null)
            {
                if (!TryTake("[") || ReadQuoted() is not { } given || !TryTake("]"))
                    return "Metadata is asked for like metadata['key']:'value'.";
                key = given;
            }

            string? sign = null;
            foreach (var known in s_operators)
            {
                if (_rest.StartsWith(known))
                {
                    sign = known;
                    break;
                }
            }

            if (sign is null)
                return $"After '{name}' comes : or ~ or a comparison.";
            _rest = _rest[sign.Length..].TrimStart();
            if (sign is ">" or "<" or ">=" or "<=" ? !field.IsNumber : sign is "~" && !field.HasParts)
                return $"'{name}' cannot be asked for with {sign}.";
            var value = _rest.StartsWith("'") || _rest.StartsWith("\"") ? ReadQuoted() : ReadWord();
            if (value is null)
                return "A text has to end with the quote that it began with.";
            if (field.IsNumber && !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return field.IsTime ? $"'{name}' is a number of seconds." : $"'{name}' is a whole number of minor units, like 1250 for 12.50.";
            if (field.Name is SearchTable.Currency)
                value = value.ToLowerInvariant();
            clause = new SearchClause(field, key, sign, !field.IsNumber && value is "null" ? null : value, isNegated);
            _rest = _rest.TrimStart();
            return null;
        }

        private static readonly string[] s_operators = [">=", "<=", ":", "~", ">", "<"];

        private bool TryTake(string sign)
        {
            if (!_rest.StartsWith(sign))
                return false;
            _rest = _rest[sign.Length..];
            return true;
        }

        private string? ReadQuoted()
        {
            if (_rest.IsEmpty || _rest[0] is not ('\'' or '"'))
                return null;
            var quote = _rest[0];
            var value = new System.Text.StringBuilder();
            for (var i = 1; i < _rest.Length; i++)
            {
                if (_rest[i] == '\\' && i + 1 < _rest.Length)
                {
                    value.Append(_rest[++i]);
                }
                else if (_rest[i] == quote)
                {
                    _rest = _rest[(i + 1)..];
                    return value.ToString();
                }
                else
                {
                    value.Append(_rest[i]);
                }
            }

            return null;
        }
    }
}
