using System.Collections.Immutable;
using System.Globalization;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Search;

/// <summary>Runs searches. Values go to the database as arguments and never as text of the statement.</summary>
public static class SearchStore
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private static readonly long s_epochSeconds = DateTimeOffset.UnixEpoch.UtcTicks / TimeSpan.TicksPerSecond;

    /// <summary>Names of objects that a query finds, the newest first, after one of them.</summary>
    public static ValueTask<List<string>> FindAsync(
        ISqlTransaction transaction, SearchTable table, SearchQuery query, string storeId, bool isLive, string? after, int limit, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } };
        var conditions = Conditions(table, query, arguments, transaction.Dialect);
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

    private static string Conditions(SearchTable table, SearchQuery query, SqlArguments arguments, SqlDialect dialect) => string.Join(
        query.IsAny ? " OR " : " AND ",
        query.Clauses.Select((clause, i) => clause.IsNegated ? $"NOT COALESCE(({Condition(table, clause, i, arguments, dialect)}), FALSE)" : $"({Condition(table, clause, i, arguments, dialect)})"));

    private static string Condition(SearchTable table, SearchClause clause, int i, SqlArguments arguments, SqlDialect dialect)
    {
        if (clause.Field.Path is { } path)
            return DocumentCondition(clause, path, i, arguments, dialect);
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

    // What has no column is read from the stored document. That is no index, so it serves best beside a condition that has one.
    private static string DocumentCondition(SearchClause clause, ImmutableArray<string> path, int i, SqlArguments arguments, SqlDialect dialect)
    {
        var text = dialect == SqlDialect.Sqlite ? $"json_extract(o.document, '$.{string.Join('.', path)}')" : $"(o.document::json #>> '{{{string.Join(',', path)}}}')";
        if (!clause.Field.IsNumber)
        {
            arguments.Add($"v{i}", clause.Value?.ToLowerInvariant());
            return clause.Value is null ? $"{text} IS NULL" : $"{text} = @v{i}";
        }

        arguments.Add($"v{i}", Math.Min(long.Parse(clause.Value!, CultureInfo.InvariantCulture), long.MaxValue / 2));
        return $"CAST({text} AS BIGINT) {(clause.Operator is ":" ? "=" : clause.Operator)} @v{i}";
    }

    private static string Escape(string text) =>
        text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
