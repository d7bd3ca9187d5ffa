using Tributary.Payments.Intents;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Storage;

/// <summary>How far each rail's history has been applied.</summary>
public static class RailCursors
{
    /// <summary>The last position that was applied; 0 for none.</summary>
    public static ValueTask<long> ReadAsync(ISqlTransaction transaction, RailKind rail, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            "SELECT position FROM rail_cursors WHERE rail = @rail", new SqlArguments { { "rail", rail.ToString() } }, static row => row.Integer(0), cancellationToken);

    /// <summary>Moves the cursor, in the transaction of what was applied.</summary>
    public static ValueTask WriteAsync(ISqlTransaction transaction, RailKind rail, long position, CancellationToken cancellationToken) =>
        transaction.ExecuteOneAsync(
            "INSERT INTO rail_cursors (rail, position) VALUES (@rail, @position) ON CONFLICT (rail) DO UPDATE SET position = @position",
            new SqlArguments { { "rail", rail.ToString() }, { "position", position } },
            cancellationToken);
}
