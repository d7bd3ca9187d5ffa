using Tributary.Storage.Relational;

namespace Tributary.Payments.Idempotency;

/// <summary>
/// Remembers requests by their keys. The answer is written in the transaction of the effect, so either both are there or neither. A request that
/// has to ask a rail first is entered before; if its process dies, the entry frees itself.
/// </summary>
public sealed class IdempotencyStore(TimeProvider time)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>After this time without an answer the first run is taken for dead: no request takes so long.</summary>
    public static readonly TimeSpan RunMax = TimeSpan.FromSeconds(90);

    /// <summary>Enters a request, or says what is known of it.</summary>
    public async ValueTask<IdempotencyState> EnterAsync(ISqlTransaction transaction, IdempotencyKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = await transaction.QueryAsync(
            "SELECT fingerprint, created_at, answer, object_id FROM idempotency WHERE scope = @scope AND name = @name",
            new SqlArguments { { "scope", key.Scope }, { "name", key.Name } },
            static row => (Fingerprint: row.Text(0), At: row.Time(1), Answer: row.TextOrNull(2), ObjectId: row.TextOrNull(3)),
            cancellationToken);
        if (known.Count > 0)
        {
            var (fingerprint, at, answer, objectId) = known[0];
            var isSame = string.Equals(fingerprint, key.Fingerprint, StringComparison.Ordinal);
            if (answer is null && isSame && now - at > RunMax)
            {
                await transaction.ExecuteOneAsync(
                    "UPDATE idempotency SET created_at = @at WHERE scope = @scope AND name = @name",
                    new SqlArguments { { "at", now }, { "scope", key.Scope }, { "name", key.Name } },
                    cancellationToken);
                return new IdempotencyState.Fresh(objectId);
            }

            if (now - at <= Kept)
                return !isSame ? new IdempotencyState.Mismatch() : answer is null ? new IdempotencyState.Running() : new IdempotencyState.Answered(answer);
            await RemoveAsync(transaction, key, cancellationToken);
        }

        await transaction.ExecuteOneAsync(
            "INSERT INTO idempotency (scope, name, fingerprint, created_at) VALUES (@scope, @name, @fingerprint, @at)",
            new SqlArguments { { "scope", key.Scope }, { "name", key.Name }, { "fingerprint", key.Fingerprint }, { "at", now } },
            cancellationToken);
        return new IdempotencyState.Fresh(null);
    }

    /// <summary>
    /// Frees the entries whose runs have died, all of them: for a server that has just started and is the only one on its database. Who repeats such
    /// a request need not wait until it counts as dead. Returns how many.
    /// </summary>
    public async ValueTask<int> FreeAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE idempotency SET created_at = @at WHERE answer IS NULL", new SqlArguments { { "at", time.GetUtcNow() - RunMax - TimeSpan.FromSeconds(1) } }, cancellationToken);

    /// <summary>
    /// Frees an entry whose run has ended without an answer: its client went away, or it failed. Who repeats the request goes on where that run ended.
    /// An answer that was written stays.
    /// </summary>
    public async ValueTask<bool> FreeAsync(ISqlTransaction transaction, IdempotencyKey key, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE idempotency SET created_at = @at WHERE scope = @scope AND name = @name AND fingerprint = @fingerprint AND answer IS NULL",
            new SqlArguments { { "at", time.GetUtcNow() - RunMax - TimeSpan.FromSeconds(1) }, { "scope", key.Scope }, { "name", key.Name }, { "fingerprint", key.Fingerprint } },
            cancellationToken) == 1;

    /// <summary>Writes the answer of an entered request, in the transaction of its effect.</summary>
    public static ValueTask AnswerAsync(ISqlTransaction transaction, IdempotencyKey key, string objectId, string answer, CancellationToken cancellationToken) =>
        transaction.ExecuteOneAsync(
            "UPDATE idempotency SET object_id = @object, answer = @answer WHERE scope = @scope AND name = @name AND fingerprint = @fingerprint AND answer IS NULL",
            new SqlArguments { { "object", objectId }, { "answer", answer }, { "scope", key.Scope }, { "name", key.Name }, { "fingerprint", key.Fingerprint } },
            cancellationToken);

    /// <summary>Notes what an entered request has created, in the transaction that creates it; its answer comes later.</summary>
    public static ValueTask NoteAsync(ISqlTransaction transaction, IdempotencyKey key, string objectId, CancellationToken cancellationToken) =>
        transaction.ExecuteOneAsync(
            "UPDATE idempotency SET object_id = @object WHERE scope = @scope AND name = @name AND fingerprint = @fingerprint AND answer IS NULL",
            new SqlArguments { { "object", objectId }, { "scope", key.Scope }, { "name", key.Name }, { "fingerprint", key.Fingerprint } },
            cancellationToken);

    /// <summary>Takes an entry back whose request was refused before anything ran: a repaired request may use the name again.</summary>
    public static async ValueTask RemoveAsync(ISqlTransaction transaction, IdempotencyKey key, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "DELETE FROM idempotency WHERE scope = @scope AND name = @name", new SqlArguments { { "scope", key.Scope }, { "name", key.Name } }, cancellationToken);

    /// <summary>Drops what is older than it is kept; returns how many.</summary>
    public async ValueTask<int> PruneAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "DELETE FROM idempotency WHERE created_at < @limit AND answer IS NOT NULL", new SqlArguments { { "limit", time.GetUtcNow() - Kept } }, cancellationToken);
}
