using Tributary.Payments.Outgoing;
using Tributary.Payments.Rails;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Refunds;

/// <summary>Applies what rails say about the transfers of refunds.</summary>
public sealed class RefundSubject(RefundStore store, OutgoingOptions options, TimeProvider time) : IOutgoingSubject
{
    public OutgoingKind Kind => OutgoingKind.Refund;

    public async ValueTask ApplyAsync(ISqlTransaction transaction, StoredTransfer transfer, OutgoingReport told, CancellationToken cancellationToken)
    {
        var file = await RefundStore.FindFileAsync(transaction, transfer.SubjectId, cancellationToken) ?? throw new InvalidOperationException($"{transfer.SubjectId} is gone.");
        var applied = await store.ApplyAsync(
            transaction, file, new RefundInput.Report(transfer.SubjectId, transfer.Id, told, time.GetUtcNow() + options.ClaimLifetime), null, cancellationToken);
        if (!applied.IsOk)
            throw new InvalidOperationException($"What the rail said about {transfer.Id} cannot be: {applied.Error.Message}");
    }
}
