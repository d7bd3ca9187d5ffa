using Tributary.Storage.Relational;

namespace Tributary.Payments.Risk;

/// <summary>How far a reader of the outbox has come, by its name.</summary>
public static class RiskCursor
{
    /// <summary>The last position that was worked in; 0 before the first.</summary>
    public static ValueTask<long> ReadAsync(ISqlTransaction transaction, string name, CancellationToken cancellationToken) => transaction.FirstOrDefaultAsync(
        "SELECT position FROM risk_cursors WHERE name = @name", new SqlArguments { { "name", name } }, static row => row.Integer(0), cancellationToken);

    public static ValueTask<int> WriteAsync(ISqlTransaction transaction, string name, long position, CancellationToken cancellationToken) => transaction.ExecuteAsync(
        "INSERT INTO risk_cursors (name, position) VALUES (@name, @position) ON CONFLICT (name) DO UPDATE SET position = excluded.position",
        new SqlArguments { { "name", name }, { "position", position } },
        cancellationToken);
}
