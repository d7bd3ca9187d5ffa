using System.Globalization;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Search;

/// <summary>Runs searches. Values go to the database as arguments and never as text of the statement.</summary>
public static class SearchStore
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Names of objects that a query finds, the newest first, after one of them.</summary>
    public static ValueTask<List<string>> FindAsync(
        ISqlTransaction transaction, SearchTable table, SearchQuery query, string storeId, bool isLive, string? after, int limit, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } };
        var conditions = Conditions(table, query, arguments);
        if (after is not null)
            arguments.Add("after", after);
        return transaction.QueryAsync(
            $"""
            SELECT id FROM {table.Table} o WHERE store_id = @store AND is_live = @live {(table.Condition is null ? "" : "AND " + table.Condition)} AND ({conditions})
            {(after is null ? "" : $"AND (created_us, id) < (SELECT created_us, id FROM {table.Table} WHERE id = @after AND store_id = @store AND is_live = @live)")}
            ORDER BY created_us DESC, id DESC LIMIT @limit
            """,
            arguments,
            static row => row.Text(0),
            cancellationToken);
    }

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
        if (!clause.Field.IsTime)
        {
            arguments.Add($"v{i}", clause.Operator is "~" ? "%" + Escape(clause.Value.ToLowerInvariant()) + "%" : clause.Value);
            return clause.Operator is "~" ? $"LOWER(o.{column}) LIKE @v{i} ESCAPE '!'" : $"o.{column} = @v{i}";
        }

        // A second is a range of microseconds.
        var seconds = Math.Min(long.Parse(clause.Value, CultureInfo.InvariantCulture), 1L << 40);
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
