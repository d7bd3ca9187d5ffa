using System.Collections.Immutable;
using Tributary.Payments.Errors;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Rails.Card;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Disputes;

/// <summary>Disputes for those who stand above the core.</summary>
public sealed class DisputeService(IDatabase database, DisputeStore store, TimeProvider time)
{
    private const int EvidenceLengthMax = 150_000;

    /// <summary>A dispute of a store; null where it has none of that name.</summary>
    public async Task<DisputeView?> FindAsync(string storeId, bool isLive, string disputeId, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => FindAsync(transaction, storeId, isLive, disputeId, token), cancellationToken);

    /// <summary>Disputes of a store, the newest first.</summary>
    public async Task<List<DisputeView>> ListAsync(DisputeQuery query, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => DisputeStore.ListAsync(transaction, query, token), cancellationToken);

    /// <summary>Adds evidence, and sends it where asked to. The test bank decides at once on the evidence that Stripe publishes for tests.</summary>
    public Task<Result<DisputeView, PaymentError>> AnswerAsync(
        string storeId,
        bool isLive,
        string disputeId,
        ImmutableSortedDictionary<string, string> evidence,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> mergeMetadata,
        bool isSubmitted,
        IdempotentEffect? effect,
        CancellationToken cancellationToken) => ChangeAsync(
            storeId,
            isLive,
            disputeId,
            effect,
            async (transaction, view, token) =>
            {
                var merged = view.Dispute.Evidence.SetItems(evidence);
                if (merged.Sum(static pair => pair.Value.Length) > EvidenceLengthMax)
                    return PaymentError.Invalid("parameter_invalid", "evidence", $"All evidence together has at most {EvidenceLengthMax} characters.");
                var metadata = mergeMetadata(view.Dispute.Metadata);
                if (PaymentChecks.Metadata(metadata) is { } error)
                    return error;
                var answered = await store.ApplyAsync(transaction, view.File, new DisputeInput.Answer(disputeId, merged, metadata, isSubmitted), token);
                return isSubmitted && answered.TryGet(out var after) && TestBank.Decide(merged) is { } isWon
                    ? await store.ApplyAsync(transaction, after.File, new DisputeInput.Decide(disputeId, isWon), token)
                    : answered;
            },
            cancellationToken);

    /// <summary>Gives in.</summary>
    public Task<Result<DisputeView, PaymentError>> CloseAsync(string storeId, bool isLive, string disputeId, IdempotentEffect? effect, CancellationToken cancellationToken) =>
        ChangeAsync(storeId, isLive, disputeId, effect, (transaction, view, token) => store.ApplyAsync(transaction, view.File, new DisputeInput.Close(disputeId), token), cancellationToken);

    /// <summary>Lets time act on disputes that nobody answered; returns how many it looked at.</summary>
    public async Task<int> TickAsync(int limit, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync((transaction, token) => DisputeStore.FindDueAsync(transaction, time.GetUtcNow(), limit, token), cancellationToken);
        foreach (var disputeId in due)
        {
            await database.WriteAsync(
                async (transaction, token) => await DisputeStore.FindAsync(transaction, disputeId, token) is { } view
                    && (await store.ApplyAsync(transaction, view.File, new DisputeInput.Expire(disputeId), token)).IsOk,
                cancellationToken);
        }

        return due.Count;
    }

    private Task<Result<DisputeView, PaymentError>> ChangeAsync(
        string storeId,
        bool isLive,
        string disputeId,
        IdempotentEffect? effect,
        Func<ISqlTransaction, DisputeView, CancellationToken, ValueTask<Result<DisputeView, PaymentError>>> change,
        CancellationToken cancellationToken) => database.WriteAsync(
            async (transaction, token) =>
            {
                if (await FindAsync(transaction, storeId, isLive, disputeId, token) is not { } view)
                    return PaymentError.Missing("dispute", disputeId);
                var changed = await change(transaction, view, token);
                if (effect is not null && changed.TryGet(out var after))
                    await effect.WriteAsync(transaction, after.File, token);
                return changed;
            },
            cancellationToken).AsTask();

    private static async ValueTask<DisputeView?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string disputeId, CancellationToken cancellationToken)
    {
        var view = await DisputeStore.FindAsync(transaction, disputeId, cancellationToken);
        return view is not null && view.File.Intent.IsLive == isLive && string.Equals(view.File.Intent.StoreId, storeId, StringComparison.Ordinal) ? view : null;
    }
}
