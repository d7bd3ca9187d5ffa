using Tributary.Payments.Intents;
using Tributary.Payments.Reconciliation;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Transfers;

/// <summary>Reads and writes what the bitcoin rails remember of outgoing transfers.</summary>
public static class TransferStore
{
    private const string Columns = "SELECT id, rail, reference, state, amount, fee, created_at, proof, code, message, content FROM rail_transfers";

    /// <summary>A transfer by its id; null where the rail has not heard of it.</summary>
    public static ValueTask<StoredTransfer?> FindAsync(ISqlTransaction transaction, string id, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(Columns + " WHERE id = @id", new SqlArguments { { "id", id } }, Read, cancellationToken);

    /// <summary>The transfer that uses a reference and has not failed; null where none does.</summary>
    public static ValueTask<StoredTransfer?> FindByReferenceAsync(ISqlTransaction transaction, RailKind rail, string reference, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            Columns + " WHERE rail = @rail AND reference = @reference AND state <> 'Failed'",
            new SqlArguments { { "rail", rail.ToString() }, { "reference", reference } },
            Read,
            cancellationToken);

    /// <summary>All transfers of a rail that have not failed, with their amounts; the oldest first.</summary>
    public static ValueTask<List<StoredTransfer>> ListAsync(ISqlTransaction transaction, RailKind rail, string afterId, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            Columns + " WHERE rail = @rail AND state <> 'Failed' AND id > @after ORDER BY id LIMIT @limit",
            new SqlArguments { { "rail", rail.ToString() }, { "after", afterId }, { "limit", limit } },
            Read,
            cancellationToken);

    /// <summary>
    /// Begins a transfer, or finds it begun. Another transfer that uses the same reference makes this one fail: an invoice is paid once. While the
    /// switch of outgoing money is off, nothing begins: null.
    /// </summary>
    public static async ValueTask<StoredTransfer?> BeginAsync(IDatabase database, StoredTransfer fresh, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) =>
        {
            if (await FindAsync(transaction, fresh.Id, token) is { } known)
                return known;
            if (await OutgoingSwitch.ReadAsync(transaction, token) is not null)
                return null;
            if (fresh.Reference is { } reference && await FindByReferenceAsync(transaction, fresh.Rail, reference, token) is { } other)
            {
                fresh = fresh with
                {
                    State = TransferState.Failed,
                    Code = "destination_used",
                    Message = $"This invoice is being paid, or was paid, by {other.Id}: ask the receiver for a new one.",
                };
            }

            await WriteAsync(transaction, fresh, token);
            return fresh;
        },
        cancellationToken);

    /// <summary>Writes how a transfer stands.</summary>
    public static ValueTask WriteAsync(ISqlTransaction transaction, StoredTransfer transfer, CancellationToken cancellationToken) => transaction.ExecuteOneAsync(
        """
        INSERT INTO rail_transfers (id, rail, reference, state, amount, fee, created_at, proof, code, message, content)
        VALUES (@id, @rail, @reference, @state, @amount, @fee, @created, @proof, @code, @message, @content)
        ON CONFLICT (id) DO UPDATE SET reference = @reference, state = @state, fee = @fee, proof = @proof, code = @code, message = @message, content = @content
        """,
        new SqlArguments
        {
            { "id", transfer.Id },
            { "rail", transfer.Rail.ToString() },
            { "reference", transfer.Reference },
            { "state", transfer.State.ToString() },
            { "amount", transfer.Amount },
            { "fee", transfer.Fee },
            { "created", transfer.CreatedAt },
            { "proof", transfer.Proof },
            { "code", transfer.Code },
            { "message", transfer.Message },
            { "content", transfer.Content },
        },
        cancellationToken);

    /// <summary>Writes how a transfer stands, in a transaction of its own, and says so.</summary>
    public static async ValueTask<OutgoingReport> EndAsync(IDatabase database, StoredTransfer transfer, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await WriteAsync(transaction, transfer, token);
                return true;
            },
            cancellationToken);
        return transfer.Report;
    }

    private static StoredTransfer Read(SqlRow row) => new(
        row.Text(0), Enum.Parse<RailKind>(row.Text(1)), row.TextOrNull(2), Enum.Parse<TransferState>(row.Text(3)), row.Integer(4), row.Integer(5), row.Time(6))
    {
        Proof = row.TextOrNull(7),
        Code = row.TextOrNull(8),
        Message = row.TextOrNull(9),
        Content = row.BytesOrNull(10),
    };
}
