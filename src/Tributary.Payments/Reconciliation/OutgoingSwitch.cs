using Tributary.Storage.Relational;

namespace Tributary.Payments.Reconciliation;

/// <summary>
/// The one switch that stops all outgoing money: refunds, payouts, whatever leaves by a rail. It lies in the database, so that every process and
/// every restart sees it. Reconciliation turns it off when the books and the world differ; only a person turns it on again.
/// </summary>
public sealed class OutgoingSwitch(IDatabase database, TimeProvider time)
{
    /// <summary>Is outgoing money stopped?</summary>
    public async Task<bool> IsStoppedAsync(CancellationToken cancellationToken) => await ReadAsync(cancellationToken) is not null;

    /// <summary>Why it is stopped; null where money may go out.</summary>
    public async Task<OutgoingStop?> ReadAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(static (transaction, token) => ReadAsync(transaction, token), cancellationToken);

    /// <summary>The same within a transaction: whoever sends money looks in the transaction in which the decision is stored.</summary>
    public static ValueTask<OutgoingStop?> ReadAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync("SELECT reason, at FROM outgoing_switch WHERE id = 1", SqlArguments.None, static row => new OutgoingStop(row.Text(0), row.Time(1)), cancellationToken);

    /// <summary>Stops outgoing money. The first reason stays until somebody resumes.</summary>
    /// <param name="reason">For a person: what is wrong and what to look at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task StopAsync(string reason, CancellationToken cancellationToken) => await database.WriteAsync(
        (transaction, token) => transaction.ExecuteAsync(
            "INSERT INTO outgoing_switch (id, reason, at) VALUES (1, @reason, @at) ON CONFLICT (id) DO NOTHING",
            new SqlArguments { { "reason", reason }, { "at", time.GetUtcNow() } },
            token),
        cancellationToken);

    /// <summary>Lets money go out again: a person's decision.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken) => await database.WriteAsync(
        static (transaction, token) => transaction.ExecuteAsync("DELETE FROM outgoing_switch WHERE id = 1", SqlArguments.None, token), cancellationToken);
}
