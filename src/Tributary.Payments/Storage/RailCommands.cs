using Tributary.Storage.Relational;

namespace Tributary.Payments.Storage;

/// <summary>The commands that rails have not answered yet.</summary>
public static class RailCommands
{
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(30);

    /// <summary>Commands whose time has come, the oldest first.</summary>
    public static ValueTask<List<StoredRailCommand>> FindDueAsync(ISqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            "SELECT id, intent_id, kind, attempt_id, amount, tries FROM rail_commands WHERE due_at <= @now ORDER BY due_at, id LIMIT @limit",
            new SqlArguments { { "now", now }, { "limit", limit } },
            static row => new StoredRailCommand(row.Text(0), row.Text(1), RailCommandCodec.Read(row.Text(2), row.Text(3), row.Integer(4)), row.Integer(5)),
            cancellationToken);

    /// <summary>Tries again later, each time after twice as long, up to half a minute.</summary>
    public static async ValueTask<bool> PostponeAsync(ISqlTransaction transaction, StoredRailCommand command, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(200 * Math.Pow(2, Math.Min(command.Tries, 20)));
        return await transaction.ExecuteAsync(
            "UPDATE rail_commands SET tries = @tries, due_at = @due WHERE id = @id",
            new SqlArguments { { "tries", command.Tries + 1 }, { "due", now + (pause < s_pauseMax ? pause : s_pauseMax) }, { "id", command.Id } },
            cancellationToken) == 1;
    }

    /// <summary>
    /// Lets all commands be due now: for a server that has just started. What the last life waited for is no measure of what this one finds, and
    /// money that is held waits for its command.
    /// </summary>
    public static ValueTask<int> ReviveAsync(ISqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("UPDATE rail_commands SET tries = 0, due_at = @now WHERE due_at > @now OR tries > 0", new SqlArguments { { "now", now } }, cancellationToken);

    /// <summary>Takes an answered command away; false when another run has done so.</summary>
    public static async ValueTask<bool> RemoveAsync(ISqlTransaction transaction, StoredRailCommand command, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync("DELETE FROM rail_commands WHERE id = @id", new SqlArguments { { "id", command.Id } }, cancellationToken) == 1;
}
