using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Rails;

/// <summary>A way for money to go out: refunds and payouts. The core knows nothing else of it.</summary>
public interface IOutgoingRail
{
    RailKind Kind { get; }

    /// <summary>
    /// Reads where the money is to go, without asking anybody: a BOLT 11 invoice, an address. A card has no destination but the payment that the
    /// money came by.
    /// </summary>
    /// <param name="destination">As the receiver wrote it; null where the money goes back by the way it came.</param>
    /// <param name="amount">In the rail's asset.</param>
    Result<OutgoingDestination, PaymentError> Read(string? destination, long amount);

    /// <summary>
    /// Sends, at least once: the same transfer again never pays twice, across restarts and restores, and answers with what became of the first
    /// call. The transfer is stored before this is called. An exception means that nobody knows; the same transfer is asked for again.
    /// </summary>
    ValueTask<OutgoingReport> SendAsync(OutgoingTransfer transfer, CancellationToken cancellationToken);
}
