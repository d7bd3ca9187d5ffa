using System.Globalization;
using Tributary.Payments.Money;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Search;

/// <summary>Runs searches. Values go to the database as arguments and never as text of the statement.</summary>
public static class SearchStore
{
    // So many are looked at one by one in some milliseconds.
    private const int FewMax = 1_000;
    private const long MicrosecondsPerSecond = 1_000_000;
    private static readonly string s_currencies = string.Join(", ", Currency.All.Select(static currency => $"'{currency.Code}'"));
    private static readonly long s_epochSeconds = DateTimeOffset.UnixEpoch.UtcTicks / TimeSpan.TicksPerSecond;

    /// <summary>Names of objects that a query finds, the newest first, after one of them.</summary>
    /// <remarks>
    /// Two ways lead there: over a store's objects from the newest on, until enough are found, or over those that an index names for a clause. The
    /// first is quick where many fulfil the query, the second where few do; which it is, a look into the index tells.
    /// </remarks>
    public static ValueTask<List<string>> FindAsync(
        ISqlTransaction transaction, SearchTable table, SearchQuery query, string storeId, bool isLive, string? after, int limit, CancellationToken cancellationToken) =>
        FindAsync(transaction, table, query, storeId, isLive, after, limit, FewMax, cancellationToken);

    internal static async ValueTask<List<string>> FindAsync(
        ISqlTransaction transaction, SearchTable table, SearchQuery query, string storeId, bool isLive, string? after, int limit, int fewMax, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } };
        var conditions = Conditions(table, query, arguments);
        if (after is not null)
            arguments.Add("after", after);
        var few = await FindFewAsync(transaction, table, query, arguments, fewMax, cancellationToken);
        return await transaction.QueryAsync(
            $"""
            SELECT o.id FROM {(few is null ? "" : $"({few}) AS f CROSS JOIN ")}{table.Table} o
            WHERE {(few is null ? "" : "o.id = f.id AND ")}o.store_id = @store AND o.is_live = @live {(table.Condition is null ? "" : "AND o." + table.Condition)} AND ({conditions})
            {(after is null ? "" : $"AND (o.created_us, o.id) < (SELECT created_us, id FROM {table.Table} WHERE id = @after AND store_id = @store AND is_live = @live)")}
            ORDER BY o.created_us DESC, o.id DESC LIMIT @limit
            """,
            arguments,
            static row => row.Text(0),
            cancellationToken);
    }

    // The objects among which all are that the query finds, as a query of their names; null where an index names too many of them, or has none.
    private static async ValueTask<string?> FindFewAsync(
        ISqlTransaction transaction, SearchTable table, SearchQuery query, SqlArguments arguments, int fewMax, CancellationToken cancellationToken)
    {
        var named = query.Clauses.Select((clause, i) => NamesOf(table, query, clause, i)).ToList();
        if (query.IsAny)
        {
            // Counted with repetitions: only so can the count end early.
            return named.TrueForAll(static names => names is not null) && await IsFewAsync(string.Join(" UNION ALL ", named)) ? string.Join(" UNION ", named) : null;
        }

        foreach (var names in named)
        {
            if (names is not null && await IsFewAsync(names))
                return names;
        }

        return null;

        async ValueTask<bool> IsFewAsync(string names) => await transaction.FirstOrDefaultAsync(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM ({names}) AS n LIMIT {fewMax + 1}) AS found", arguments, static row => row.Integer(0), cancellationToken) <= fewMax;
    }

    private static string? NamesOf(SearchTable table, SearchQuery query, SearchClause clause, int i) => clause switch
    {
        { IsNegated: true } or { Value: null } => null,
        { Field.IsAmount: true } => NamesOfAmounts(table, query, clause),
        { Field.Column: null } => $"SELECT m.{table.MetadataKey} AS id FROM {table.MetadataTable} m WHERE m.name = @k{i} AND m.value = @v{i}",
        { Field: { IsIndexed: true, Column: { } column }, Operator: ":" } => $"SELECT c.id FROM {table.Table} c WHERE c.store_id = @store AND c.is_live = @live AND c.{column} = @v{i}",
        _ => null,
    };

    // The index has the currency before the amount. Where all clauses have to hold, those about currency and amount narrow it down together: many payments
    // are in euros, and many above a hundred, where few are both.
    private static string NamesOfAmounts(SearchTable table, SearchQuery query, SearchClause clause)
    {
        var clauses = query.Clauses.Index().Where(other => other.Item == clause || (!query.IsAny && other.Item is { IsNegated: false, Value: not null })).ToList();
        var currencies = string.Join(" AND ", clauses.Where(static other => other.Item is { Field.Name: SearchTable.Currency }).Select(static other => $"c.currency = @v{other.Index}"));
        var amounts = string.Join(" AND ", clauses.Where(static other => other.Item.Field.IsAmount).Select(static other => $"c.amount {Sign(other.Item)} @v{other.Index}"));
        return $"SELECT c.id FROM {table.Table} c WHERE c.store_id = @store AND c.is_live = @live AND {(currencies.Length > 0 ? currencies : $"c.currency IN ({s_currencies})")} AND {amounts}";
    }

    private static string Sign(SearchClause clause) => clause.Operator is ":" ? "=" : clause.Operator;

    private static string Conditions(SearchTable table, SearchQuery query, SqlArguments arguments) => string.Join(
        query.IsAny ? " OR " : " AND ",
        query.Clauses.Select((clause, i) => clause.IsNegated ? $"NOT COALESCE(({Condition(table, clause, i, arguments)}), FALSE)" : $"({Condition(table, clause, i, arguments)})"));

    private static string Condition(SearchTable table, SearchClause clause, int i, SqlArguments arguments)
    {
        if (clause.Field.Column is not { } column)
        {
            arguments.Add($"k{i}", clause.Key);
            if (clause.Value is null)
                return $"NOT EXISTS (SELECT 1 FROM {table.MetadataTable} m WHERE m.{table.MetadataKey} = o.id AND m.name = @k{i})";
            arguments.Add($"v{i}", clause.Value);
            return $"EXISTS (SELECT 1 FROM {table.MetadataTable} m WHERE m.{table.MetadataKey} = o.id AND m.name = @k{i} AND m.value = @v{i})";
        }

        if (clause.Value is null)
            return $"o.{column} IS NULL";

        // Of one object after the other in the order of their creation: written so that no index of amounts is taken for it, which would have all of them sorted.
        if (clause.Field.IsAmount)
        {
            arguments.Add($"v{i}", long.Parse(clause.Value, CultureInfo.InvariantCulture));
            return $"o.{column} + 0 {Sign(clause)} @v{i}";
        }

        if (clause.Field.Name is SearchTable.Currency)
        {
            arguments.Add($"v{i}", clause.Value);
            return $"o.{column} || '' = @v{i}";
        }

        if (!clause.Field.IsTime)
        {
            arguments.Add($"v{i}", clause.Operator is "~" ? "%" + Escape(clause.Value.ToLowerInvariant()) + "%" : clause.Value);
            return clause.Operator is "~" ? $"LOWER(o.{column}) LIKE @v{i} ESCAPE '!'" : $"o.{column} = @v{i}";
        }

        // A second is a range of microseconds, and the column counts them from the year one.
        var seconds = s_epochSeconds + Math.Min(long.Parse(clause.Value, CultureInfo.InvariantCulture), 1L << 40);
        var isAfterIt = clause.Operator is ">" or "<=";
        arguments.Add($"v{i}", (isAfterIt ? seconds + 1 : seconds) * MicrosecondsPerSecond);
        switch (clause.Operator)
        {
            case ">" or ">=":
                return $"o.{column} >= @v{i}";
            case "<" or "<=":
                return $"o.{column} < @v{i}";
            default:
                arguments.Add($"w{i}", (seconds + 1) * MicrosecondsPerSecond);
                return $"o.{column} >= @v{i} AND o.{column} < @w{i}";
        }
    }

    private static string Escape(string text) =>
        text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
