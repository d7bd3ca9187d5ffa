using Tributary.Payments.Intents;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Storage;

/// <summary>Those who keep a view of payments: what they write goes into the transaction of the change.</summary>
public interface IPaymentObserver
{
    /// <summary>A file that belongs to an invoice was written.</summary>
    ValueTask ChangedAsync(ISqlTransaction transaction, PaymentFile before, PaymentFile after, CancellationToken cancellationToken);
}
