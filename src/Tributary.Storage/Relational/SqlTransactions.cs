namespace Tributary.Storage.Relational;

/// <summary>Shorter forms of what a transaction can do.</summary>
public static class SqlTransactions
{
    /// <summary>The first row, or default where there is none.</summary>
    public static async ValueTask<T?> FirstOrDefaultAsync<T>(
        this ISqlTransaction transaction, string sql, SqlArguments arguments, Func<SqlRow, T> read, CancellationToken cancellationToken)
    {
        var rows = await transaction.QueryAsync(sql, arguments, read, cancellationToken);
        return rows.Count == 0 ? default : rows[0];
    }

    /// <summary>Runs a statement that must change exactly one row; anything else is a bug, and the transaction is taken back.</summary>
    public static async ValueTask ExecuteOneAsync(this ISqlTransaction transaction, string sql, SqlArguments arguments, CancellationToken cancellationToken)
    {
        var changed = await transaction.ExecuteAsync(sql, arguments, cancellationToken);
        if (changed != 1)
            throw new InvalidOperationException($"A statement for one row changed {changed}: {sql}");
    }
}
