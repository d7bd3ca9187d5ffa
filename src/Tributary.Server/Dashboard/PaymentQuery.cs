using System.Collections.Immutable;
using System.Globalization;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Reporting;
using Tributary.Primitives.Results;

namespace Tributary.Server.Dashboard;

/// <summary>
/// What a member writes into the search of payments, in plain words: <c>12.50 eur</c>, <c>amount:>1000</c>, <c>status:succeeded</c>,
/// <c>customer:cus_…</c>, <c>description:books</c>, <c>order_id:17</c> for metadata; everything else is a name, a number of an order, or words of the
/// description. Amounts are in whole units, as people say them, of any currency unless one is named.
/// </summary>
internal static class PaymentQuery
{
    private const int TextMax = 200;
    private static readonly (string Sign, string Code)[] s_signs = [("€", "eur"), ("£", "gbp"), ("₿", "btc")];
    private static readonly string[] s_satoshis = ["sat", "sats"];

    /// <summary>A search with what a text asks for. Refused with what is wrong, in words for who wrote it.</summary>
    public static Result<PaymentSearch, Refusal> Read(string? text, PaymentSearch search)
    {
        var words = Words((text ?? "").Trim());
        if (text is { Length: > TextMax })
            return new Refusal("q", $"A search has at most {TextMax} characters.");
        var rest = new List<string>();
        var bounds = new List<Bound>();
        Currency? currency = null;
        for (var i = 0; i < words.Count; i++)
        {
            var (field, value) = words[i];
            var next = i + 1 < words.Count && words[i + 1].Field is null ? words[i + 1].Value : null;
            switch (field)
            {
                case "amount":
                case null when value.Length > 1 && value[0] is '<' or '>' or '=':
                    if (!Bound.TryRead(value, out var bound))
                        return new Refusal("q", $"'{value}' is no amount. Write amount:12.50, amount:>1000 or amount:10-20.");
                    var hasUnitBehind = next is not null && TryUnit(next, ref currency);
                    bounds.Add(hasUnitBehind ? InUnit(next!, bound) : bound);
                    i += hasUnitBehind ? 1 : 0;
                    break;
                case "currency":
                    if (!Currency.TryParse(value, out var named))
                        return new Refusal("q", $"'{value}' is no currency. Write its code, like eur.");
                    currency = named;
                    break;
                case "status":
                    if (StatusOf(value) is not { } status)
                        return new Refusal("q", $"'{value}' is no status. Write one of {string.Join(", ", Enum.GetValues<IntentStatus>().Select(IntentWords.Of))}.");
                    search = search with { Status = status };
                    break;
                case "customer":
                    search = value.Contains('@', StringComparison.Ordinal) ? search with { Email = value } : search with { CustomerId = value };
                    break;
                case "description":
                    search = search with { Description = $"{search.Description} {value}".Trim() };
                    break;
                case "id" or "lightning" or "bitcoin":
                    rest.Add(value);
                    break;
                case not null:
                    search = search with { Metadata = search.Metadata.Add(new(field, value)) };
                    break;
                default:
                    if (TryMoney(value, next, ref currency, out var money, out var hasUnit))
                    {
                        bounds.Add(money);
                        i += hasUnit ? 1 : 0;
                    }
                    else if (next is not null && IsNumber(next) && IsCode(value) && Currency.TryParse(value, out var before) && Bound.TryRead(next, out var behind))
                    {
                        (currency, i) = (before, i + 1);
                        bounds.Add(behind);
                    }
                    else
                    {
                        rest.Add(value);
                    }

                    break;
            }
        }

        return search with { Text = rest.Count == 0 ? null : string.Join(' ', rest), Amounts = bounds.Count == 0 && currency is null ? null : Spans(bounds, currency) };
    }

    // "12.50" alone is an amount, and "12" only with a currency behind it: a whole number alone may be an order's.
    private static bool TryMoney(string value, string? next, ref Currency? currency, out Bound money, out bool hasUnit)
    {
        hasUnit = false;
        foreach (var (sign, code) in s_signs)
        {
            if (value.StartsWith(sign, StringComparison.Ordinal) && IsNumber(value[sign.Length..]) && Bound.TryRead(value[sign.Length..], out money))
            {
                currency = Currency.Of(code);
                return true;
            }
        }

        money = default;
        var digits = value.TakeWhile(static c => char.IsAsciiDigit(c) || c is '.' or ',').Count();
        if (digits > 0 && digits < value.Length && IsNumber(value[..digits]) && Bound.TryRead(value[..digits], out money))
        {
            money = InUnit(value[digits..], money);
            return TryUnit(value[digits..], ref currency);
        }

        if (!IsNumber(value) || !Bound.TryRead(value, out money))
            return false;
        if (next is not null && TryUnit(next, ref currency))
        {
            (hasUnit, money) = (true, InUnit(next, money));
            return true;
        }

        return value.AsSpan().IndexOfAny('.', ',') >= 0;
    }

    private static Bound InUnit(string unit, Bound bound) => s_satoshis.Contains(unit, StringComparer.OrdinalIgnoreCase) ? bound.Times(0.00000001m) : bound;

    private static bool TryUnit(string word, ref Currency? currency)
    {
        if (s_satoshis.Contains(word, StringComparer.OrdinalIgnoreCase))
            currency = Currency.Bitcoin;
        else if (s_signs.FirstOrDefault(sign => string.Equals(sign.Sign, word, StringComparison.Ordinal)) is { Code: { } code })
            currency = Currency.Of(code);
        else if (Currency.TryParse(word, out var named))
            currency = named;
        else
            return false;
        return true;
    }

    private static bool IsCode(string word) => word.Length == 3 && word.All(char.IsAsciiLetter);

    private static bool IsNumber(string word) => word.Length is > 0 and <= 20 && char.IsAsciiDigit(word[0]) && char.IsAsciiDigit(word[^1]) && word.All(static c => char.IsAsciiDigit(c) || c is '.' or ',');

    private static IntentStatus? StatusOf(string word) => word.ToLowerInvariant() switch
    {
        "paid" => IntentStatus.Succeeded,
        "cancelled" => IntentStatus.Canceled,
        "held" => IntentStatus.RequiresCapture,
        var other => Enum.GetValues<IntentStatus>().Where(status => string.Equals(IntentWords.Of(status), other, StringComparison.Ordinal)).Select(static status => (IntentStatus?)status).FirstOrDefault(),
    };

    // Currencies of one minor unit share a span; what is finer than a currency's minor unit is no amount of it.
    private static ImmutableArray<AmountSpan> Spans(List<Bound> bounds, Currency? currency)
    {
        var spans = ImmutableArray.CreateBuilder<AmountSpan>();
        foreach (var group in (currency is { } one ? [one] : Currency.All).GroupBy(static each => each.Decimals).OrderBy(static group => group.Key))
        {
            var (min, max) = (0L, long.MaxValue);
            foreach (var bound in bounds)
            {
                var (from, to) = bound.InMinorUnits(group.Key);
                (min, max) = (Math.Max(min, from), Math.Min(max, to));
            }

            if (min <= max)
                spans.Add(new AmountSpan([.. group], min, max));
        }

        return spans.ToImmutable();
    }

    // Split at spaces; quotes keep them together.
    private static List<(string? Field, string Value)> Words(string text)
    {
        var words = new List<(string?, string)>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            string? field = null;
            var name = at;
            while (name < text.Length && (char.IsAsciiLetterOrDigit(text[name]) || text[name] is '_' or '-' or '.'))
                name++;
            if (name > at && name + 1 < text.Length && text[name] == ':' && !char.IsWhiteSpace(text[name + 1]) && text[name + 1] != '/')
                (field, at) = (text[at..name], name + 1);
            var isQuoted = text[at] is '"' or '\'' && text.IndexOf(text[at], at + 1) > 0;
            var end = at + 1;
            while (end < text.Length && (isQuoted ? text[end] != text[at] : !char.IsWhiteSpace(text[end])))
                end++;
            var value = isQuoted ? text[(at + 1)..end] : text[at..end];
            if (value.Length > 0)
                words.Add((field is null ? null : Known(field), value));
            at = isQuoted ? end + 1 : end;
        }

        return words;
    }

    private static string Known(string field) => field.ToLowerInvariant() is ("amount" or "currency" or "status" or "customer" or "description" or "id") and var known ? known : field;

    /// <summary>A part of the amounts, in whole units; the ends may be left out or not count themselves.</summary>
    private readonly record struct Bound(decimal? From, bool WithFrom, decimal? To, bool WithTo)
    {
        private const int DigitsMax = 15;

        public Bound Times(decimal factor) => this with { From = From * factor, To = To * factor };

        /// <summary>Reads "12.50", ">12", "&lt;=12,5" or "10-20".</summary>
        public static bool TryRead(string text, out Bound bound)
        {
            bound = default;
            var sign = text.StartsWith(">=", StringComparison.Ordinal) || text.StartsWith("<=", StringComparison.Ordinal) ? 2 : text.Length > 0 && text[0] is '<' or '>' or '=' ? 1 : 0;
            var dash = sign == 0 ? text.IndexOf('-', StringComparison.Ordinal) : -1;
            if (dash > 0)
            {
                if (!TryNumber(text[..dash], out var from) || !TryNumber(text[(dash + 1)..], out var to))
                    return false;
                bound = new Bound(from, true, to, true);
                return true;
            }

            if (!TryNumber(text[sign..], out var number))
                return false;
            bound = text[..sign] switch
            {
                ">" => new Bound(number, false, null, false),
                ">=" => new Bound(number, true, null, false),
                "<" => new Bound(null, false, number, false),
                "<=" => new Bound(null, false, number, true),
                _ => new Bound(number, true, number, true),
            };
            return true;
        }

        /// <summary>The same in minor units, both ends included; the first above the second where there is none.</summary>
        public (long Min, long Max) InMinorUnits(int decimals)
        {
            var factor = 1m;
            for (var i = 0; i < decimals; i++)
                factor *= 10;
            var (min, max) = (0L, long.MaxValue);
            if (From * factor is { } from)
                min = Clamp(WithFrom ? Math.Ceiling(from) : Math.Floor(from) + 1);
            if (To * factor is { } to)
                max = Clamp(WithTo ? Math.Floor(to) : Math.Ceiling(to) - 1);
            return (min, max);
        }

        private static long Clamp(decimal number) => number >= long.MaxValue ? long.MaxValue : number < -1 ? -1 : (long)number;

        // One separator at most: what could be a group of thousands is refused rather than guessed.
        private static bool TryNumber(string text, out decimal number)
        {
            number = 0;
            var parts = text.Trim().Split('.', ',');
            return parts.Length is 1 or 2
                && parts.All(static part => part.Length is > 0 and <= DigitsMax && part.All(char.IsAsciiDigit))
                && parts.Sum(static part => part.Length) <= DigitsMax
                && decimal.TryParse(string.Join('.', parts), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
        }
    }
}
