using Tributary.Payments.Intents;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Bitcoin;

/// <summary>
/// The outputs that pay attempts, one row each with its latest status. A change gives the row the next position, so that a reader with a cursor
/// sees the latest of everything that changed after it.
/// </summary>
internal static class AttemptOutputs
{
    private const string Columns = "SELECT outpoint, address, amount, status, position FROM attempt_outputs";

    /// <summary>Outputs that changed after a position, in order.</summary>
    public static ValueTask<List<AttemptOutput>> ReadAsync(ISqlTransaction transaction, long after, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(Columns + " WHERE position > @after ORDER BY position LIMIT @limit", new SqlArguments { { "after", after }, { "limit", limit } }, Read, cancellationToken);

    /// <summary>The last position.</summary>
    public static ValueTask<long> LastPositionAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync("SELECT COALESCE(MAX(position), 0) FROM attempt_outputs", SqlArguments.None, static row => row.Integer(0), cancellationToken);

    /// <summary>Writes how outputs stand now.</summary>
    public static async ValueTask WriteAsync(ISqlTransaction transaction, IEnumerable<AttemptOutput> changed, CancellationToken cancellationToken)
    {
        var position = await LastPositionAsync(transaction, cancellationToken);
        foreach (var output in changed)
        {
            await transaction.ExecuteOneAsync(
                """
                INSERT INTO attempt_outputs (outpoint, address, amount, status, position) VALUES (@outpoint, @address, @amount, @status, @position)
                ON CONFLICT (outpoint) DO UPDATE SET status = @status, position = @position
                """,
                new SqlArguments
                {
                    { "outpoint", output.OutPoint },
                    { "address", output.Address },
                    { "amount", output.Amount },
                    { "status", output.Status.ToString() },
                    { "position", ++position },
                },
                cancellationToken);
        }
    }

    /// <summary>Is there an attempt with this address?</summary>
    public static async ValueTask<bool> IsAttemptAsync(ISqlTransaction transaction, string address, CancellationToken cancellationToken) =>
        await transaction.FirstOrDefaultAsync(
            "SELECT 1 FROM attempts WHERE rail = @rail AND reference = @reference",
            new SqlArguments { { "rail", nameof(RailKind.OnChain) }, { "reference", address } },
            static row => row.Integer(0),
            cancellationToken) == 1;

    private static AttemptOutput Read(SqlRow row) => new(row.Text(0), row.Text(1), row.Integer(2), Enum.Parse<ReceiptStatus>(row.Text(3)), row.Integer(4));
}
