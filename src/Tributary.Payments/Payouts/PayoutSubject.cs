using Tributary.Payments.Outgoing;
using Tributary.Payments.Rails;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Payouts;

/// <summary>Applies what rails say about the transfers of payouts.</summary>
public sealed class PayoutSubject(PayoutStore store) : IOutgoingSubject
{
    public OutgoingKind Kind => OutgoingKind.Payout;

    public async ValueTask ApplyAsync(ISqlTransaction transaction, StoredTransfer transfer, OutgoingReport told, CancellationToken cancellationToken)
    {
        var payout = await PayoutStore.FindAsync(transaction, transfer.SubjectId, cancellationToken) ?? throw new InvalidOperationException($"{transfer.SubjectId} is gone.");
        var handled = PayoutMachine.Handle(payout, new PayoutInput.Report(told));
        if (!handled.TryGet(out var change, out var error))
            throw new InvalidOperationException($"What the rail said about {transfer.Id} cannot be: {error.Message}");
        await store.WriteAsync(transaction, change, cancellationToken);
    }
}
