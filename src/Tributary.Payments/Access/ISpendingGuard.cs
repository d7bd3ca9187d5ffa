using Tributary.Payments.Errors;
using Tributary.Payments.Ledger;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Access;

/// <summary>Says whether somebody may send this much away, and counts it.</summary>
public interface ISpendingGuard
{
    /// <summary>Counts an amount in the transaction that decides to send it; an error where it is too much.</summary>
    ValueTask<PaymentError?> TakeAsync(ISqlTransaction transaction, Asset asset, long amount, CancellationToken cancellationToken);
}
