using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Search;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reporting;

/// <summary>
/// A search as SQL. What an index can name payments by is a <see cref="Part"/>, which is asked in one of two ways: which payments are these, where
/// few are, or is it one of these, of one payment after the other from the newest on. Whatever leads, the other parts are conditions.
/// </summary>
internal sealed class PaymentSearchSql
{
    private readonly PaymentSearch _search;
    private readonly List<string> _conditions = [];

    public PaymentSearchSql(PaymentSearch search)
    {
        _search = search;
        Arguments = new SqlArguments { { "store", search.StoreId }, { "live", search.IsLive }, { "limit", search.Limit } };
        AddParts();
        AddConditions();
    }

    public SqlArguments Arguments { get; }

    public List<Part> Parts { get; } = [];

    /// <summary>The names of the payments, the newest first; one part may lead.</summary>
    public string Select(Part? leading)
    {
        var where = string.Concat(_conditions.Concat(Parts.Where(part => part != leading).Select(static part => part.Condition)).Select(static condition => " AND " + condition));
        return leading is null
            ? $"SELECT i.id FROM intents i WHERE i.store_id = @store AND i.is_live = @live{where} ORDER BY i.created_us DESC, i.id DESC LIMIT @limit"
            : $"SELECT i.id FROM ({leading.Names}) AS f CROSS JOIN intents i WHERE i.id = f.id AND i.store_id = @store AND i.is_live = @live{where} ORDER BY i.created_us DESC, i.id DESC LIMIT @limit";
    }

    private void AddParts()
    {
        if (_search.Text is { Length: > 0 } text)
            AddText(text);
        if (DescriptionWords.Of(_search.Description) is { IsEmpty: false } words)
            Parts.Add(new Part(NamesOfWords("d", words), IsOfWords("d", words)));
        foreach (var (i, (name, value)) in _search.Metadata.Index())
        {
            Arguments.Add($"k{i}", name);
            Arguments.Add($"v{i}", value);
            Parts.Add(new Part(
                $"SELECT m.intent_id AS id FROM intent_metadata m WHERE m.name = @k{i} AND m.value = @v{i}",
                $"EXISTS (SELECT 1 FROM intent_metadata m WHERE m.intent_id = i.id AND m.name = @k{i} AND m.value = @v{i})"));
        }

        if (_search.Amounts is { IsEmpty: false } spans)
            AddAmounts(spans);
        if (_search.Email is { Length: > 0 } email)
        {
            Arguments.Add("email", email);
            const string owners = "SELECT u.id FROM customers u WHERE u.store_id = @store AND u.is_live = @live AND u.email = @email";
            Parts.Add(new Part(
                $"SELECT c.id FROM ({owners}) AS w CROSS JOIN intents c WHERE c.store_id = @store AND c.is_live = @live AND c.customer_id = w.id", $"i.customer_id IN ({owners})"));
        }
    }

    private void AddConditions()
    {
        // Nothing is asked for that any amount fulfils.
        if (_search.Amounts is { IsEmpty: true })
            _conditions.Add("1 = 0");
        if (_search.CustomerId is { } customer)
            Add("i.customer_id = @customer", "customer", customer);
        if (_search.Status is { } status)
            Add("i.status = @status", "status", IntentWords.Of(status));
        if (_search.From is { } from)
            Add("i.created_us >= @from", "from", Microseconds(from));
        if (_search.To is { } to)
            Add("i.created_us < @to", "to", Microseconds(to.AddDays(1)));
        if (_search.After is { } after)
            Add("(i.created_us, i.id) < (SELECT c.created_us, c.id FROM intents c WHERE c.id = @after AND c.store_id = @store AND c.is_live = @live)", "after", after);
    }

    // Each way to find a payment by a text goes by an index; a prefix is a range of the primary key.
    private void AddText(string text)
    {
        Arguments.Add("text", text);
        Arguments.Add("last", text + "~");
        var words = DescriptionWords.Of(text);
        Parts.Add(new Part(
            $"""
            SELECT p.id FROM intents p WHERE p.id >= @text AND p.id < @last
            UNION SELECT c.id FROM intents c WHERE c.store_id = @store AND c.is_live = @live AND c.customer_id = @text
            UNION SELECT m.intent_id AS id FROM intent_metadata m WHERE m.value = @text
            UNION SELECT a.intent_id AS id FROM attempts a WHERE a.rail IN ('Card', 'Lightning', 'OnChain') AND a.reference = @text
            {(words.IsEmpty ? "" : "UNION " + NamesOfWords("t", words))}
            """,
            $"""
            ((i.id >= @text AND i.id < @last) OR i.customer_id = @text
             OR EXISTS (SELECT 1 FROM intent_metadata m WHERE m.intent_id = i.id AND m.value = @text)
             OR EXISTS (SELECT 1 FROM attempts a WHERE a.intent_id = i.id AND a.reference = @text)
             {(words.IsEmpty ? "" : "OR " + IsOfWords("t", words))})
            """));
    }

    // All of the words have to be there; the first names, and each may be the beginning of a longer one, or of two.
    private string NamesOfWords(string prefix, ImmutableArray<string> words)
    {
        foreach (var (i, word) in words.Index())
        {
            Arguments.Add($"{prefix}{i}", word);
            Arguments.Add($"{prefix}e{i}", DescriptionWords.EndOf(word));
        }

        var others = string.Concat(words.Skip(1).Select((_, i) => $" AND {Has("w.intent_id", prefix, i + 1)}"));
        return $"SELECT DISTINCT w.intent_id AS id FROM intent_words w WHERE w.store_id = @store AND w.is_live = @live AND w.word >= @{prefix}0 AND w.word < @{prefix}e0{others}";
    }

    private static string IsOfWords(string prefix, ImmutableArray<string> words) => $"({string.Join(" AND ", words.Select((_, i) => Has("i.id", prefix, i)))})";

    private static string Has(string intent, string prefix, int i) => $"EXISTS (SELECT 1 FROM intent_words x WHERE x.intent_id = {intent} AND x.word >= @{prefix}{i} AND x.word < @{prefix}e{i})";

    private void AddAmounts(ImmutableArray<AmountSpan> spans)
    {
        foreach (var (i, span) in spans.Index())
        {
            Arguments.Add($"a{i}", span.Min);
            Arguments.Add($"b{i}", span.Max);
        }

        // As a condition of payments in the order of their creation: written so that no index of amounts is taken for it.
        Parts.Add(new Part(
            string.Join(" UNION ALL ", spans.Select(static (span, i) => $"SELECT c.id FROM intents c WHERE c.store_id = @store AND c.is_live = @live AND c.currency IN ({Codes(span)}) AND c.amount >= @a{i} AND c.amount <= @b{i}")),
            $"({string.Join(" OR ", spans.Select(static (span, i) => $"(i.currency || '' IN ({Codes(span)}) AND i.amount + 0 >= @a{i} AND i.amount + 0 <= @b{i})"))})"));
    }

    // Codes are the program's own words and nobody's input.
    private static string Codes(AmountSpan span) => string.Join(", ", span.Currencies.Select(static currency => $"'{currency.Code}'"));

    private void Add(string condition, string name, string value)
    {
        _conditions.Add(condition);
        Arguments.Add(name, value);
    }

    private void Add(string condition, string name, long value)
    {
        _conditions.Add(condition);
        Arguments.Add(name, value);
    }

    private static long Microseconds(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A part of a search that an index can name payments by.</summary>
    /// <param name="Names">A query of their names.</param>
    /// <param name="Condition">The same asked of the payment <c>i</c>.</param>
    public sealed record Part(string Names, string Condition);
}
