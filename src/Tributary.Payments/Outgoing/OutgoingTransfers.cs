using Tributary.Payments.Intents;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Outgoing;

/// <summary>The transfers of outgoing money in the database.</summary>
public static class OutgoingTransfers
{
    private const string Columns =
        "SELECT id, kind, subject_id, intent_id, rail, destination, reference, amount, fee_max, origin_attempt_id, created_at, tries, is_with_rail FROM outgoing_transfers";

    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromMinutes(1);

    /// <summary>Is there a transfer that the rail knows by this name? An invoice can be paid once.</summary>
    public static async ValueTask<bool> IsUsedAsync(ISqlTransaction transaction, RailKind rail, string reference, CancellationToken cancellationToken) =>
        await transaction.FirstOrDefaultAsync(
            "SELECT COUNT(*) FROM outgoing_transfers WHERE rail = @rail AND reference = @reference",
            new SqlArguments { { "rail", rail.ToString() }, { "reference", reference } },
            static row => row.Integer(0),
            cancellationToken) > 0;

    /// <summary>What the transfer with this name of the rail's was made for: a refund, a payout; null where there is none.</summary>
    public static ValueTask<string?> FindSubjectAsync(ISqlTransaction transaction, RailKind rail, string reference, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            "SELECT subject_id FROM outgoing_transfers WHERE rail = @rail AND reference = @reference",
            new SqlArguments { { "rail", rail.ToString() }, { "reference", reference } },
            static row => row.Text(0),
            cancellationToken);

    /// <summary>Writes a transfer that the rail is to hear of from a time on.</summary>
    public static ValueTask InsertAsync(ISqlTransaction transaction, StoredTransfer transfer, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        transaction.ExecuteOneAsync(
            """
            INSERT INTO outgoing_transfers (id, kind, subject_id, intent_id, rail, destination, reference, amount, fee_max, origin_attempt_id, created_at, tries, is_with_rail, due_at)
            VALUES (@id, @kind, @subject, @intent, @rail, @destination, @reference, @amount, @fee, @origin, @created, 0, 0, @due)
            """,
            new SqlArguments
            {
                { "id", transfer.Id },
                { "kind", transfer.Kind.ToString() },
                { "subject", transfer.SubjectId },
                { "intent", transfer.IntentId },
                { "rail", transfer.Rail.ToString() },
                { "destination", transfer.Destination },
                { "reference", transfer.Reference },
                { "amount", transfer.Amount },
                { "fee", transfer.FeeMax },
                { "origin", transfer.OriginAttemptId },
                { "created", transfer.CreatedAt },
                { "due", dueAt },
            },
            cancellationToken);

    /// <summary>Transfers whose time has come, the oldest first.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="now">The time.</param>
    /// <param name="isStopped">Only those that the rail has got already.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public static ValueTask<List<StoredTransfer>> FindDueAsync(
        ISqlTransaction transaction, DateTimeOffset now, bool isStopped, int limit, CancellationToken cancellationToken) => transaction.QueryAsync(
            $"{Columns} WHERE due_at <= @now {(isStopped ? "AND is_with_rail = 1" : "")} ORDER BY due_at, id LIMIT @limit",
            new SqlArguments { { "now", now }, { "limit", limit } },
            Read,
            cancellationToken);

    /// <summary>The transfers of a refund or payout that a rail is still to be asked about, and may be now.</summary>
    public static ValueTask<List<StoredTransfer>> FindDueOfAsync(ISqlTransaction transaction, string subjectId, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            Columns + " WHERE subject_id = @subject AND due_at <= @now ORDER BY created_at, id",
            new SqlArguments { { "subject", subjectId }, { "now", now } },
            Read,
            cancellationToken);

    /// <summary>Counts a call before it is made, so that nobody takes back what a rail may have heard of; false where another run was quicker.</summary>
    public static async ValueTask<bool> CountAsync(ISqlTransaction transaction, StoredTransfer transfer, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE outgoing_transfers SET tries = tries + 1, due_at = @due WHERE id = @id AND due_at IS NOT NULL AND tries = @tries",
            new SqlArguments { { "due", now + PauseAfter(transfer.Tries) }, { "id", transfer.Id }, { "tries", transfer.Tries } },
            cancellationToken) == 1;

    /// <summary>Lets the rails be asked at once about all that they were asked about before: for a server that has just started.</summary>
    public static ValueTask<int> ReviveAsync(ISqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("UPDATE outgoing_transfers SET due_at = @now WHERE due_at > @now AND tries > 0", new SqlArguments { { "now", now } }, cancellationToken);

    /// <summary>Is it still to be asked about? Another run may have been quicker.</summary>
    public static async ValueTask<bool> IsOpenAsync(ISqlTransaction transaction, StoredTransfer transfer, CancellationToken cancellationToken) =>
        await transaction.FirstOrDefaultAsync(
            "SELECT COUNT(*) FROM outgoing_transfers WHERE id = @id AND due_at IS NOT NULL AND tries = @tries",
            new SqlArguments { { "id", transfer.Id }, { "tries", transfer.Tries } },
            static row => row.Integer(0),
            cancellationToken) == 1;

    /// <summary>Notes an answer, and when the rail is asked again; null for never.</summary>
    public static ValueTask NoteAsync(ISqlTransaction transaction, StoredTransfer transfer, string outcome, DateTimeOffset? dueAt, CancellationToken cancellationToken) =>
        transaction.ExecuteOneAsync(
            "UPDATE outgoing_transfers SET is_with_rail = 1, outcome = @outcome, due_at = @due WHERE id = @id",
            new SqlArguments { { "outcome", outcome }, { "due", dueAt }, { "id", transfer.Id } },
            cancellationToken);

    /// <summary>Takes a transfer back that no rail has heard of; false where one has.</summary>
    public static async ValueTask<bool> WithdrawAsync(ISqlTransaction transaction, string subjectId, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE outgoing_transfers SET due_at = NULL, outcome = 'withdrawn' WHERE subject_id = @subject AND due_at IS NOT NULL AND tries = 0",
            new SqlArguments { { "subject", subjectId } },
            cancellationToken) == 1;

    /// <summary>The pause after a try: 200 ms at first, each time twice as long, up to a minute.</summary>
    public static TimeSpan PauseAfter(long tries)
    {
        var pause = TimeSpan.FromTicks(s_pauseMin.Ticks << (int)Math.Min(tries, 20));
        return pause < s_pauseMax ? pause : s_pauseMax;
    }

    private static StoredTransfer Read(SqlRow row) => new(
        row.Text(0),
        Enum.Parse<OutgoingKind>(row.Text(1)),
        row.Text(2),
        row.TextOrNull(3),
        Enum.Parse<RailKind>(row.Text(4)),
        row.Text(5),
        row.TextOrNull(6),
        row.Integer(7),
        row.Integer(8),
        row.TextOrNull(9),
        row.Time(10))
    {
        Tries = row.Integer(11),
        IsWithRail = row.Flag(12),
    };
}
