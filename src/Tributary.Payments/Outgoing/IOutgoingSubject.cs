using Tributary.Payments.Rails;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Outgoing;

/// <summary>What a transfer is made for: a refund, a payout. It draws the consequences of what the rail says.</summary>
public interface IOutgoingSubject
{
    /// <summary>As the transfers name it.</summary>
    OutgoingKind Kind { get; }

    /// <summary>Applies what a rail says about a transfer, in the transaction that notes it.</summary>
    ValueTask ApplyAsync(ISqlTransaction transaction, StoredTransfer transfer, OutgoingReport told, CancellationToken cancellationToken);
}
