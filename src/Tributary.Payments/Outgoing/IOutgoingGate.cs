using Tributary.Storage.Relational;

namespace Tributary.Payments.Outgoing;

/// <summary>Says whether money may go out at all.</summary>
public interface IOutgoingGate
{
    /// <summary>Is all outgoing money stopped? Asked before every transfer that a rail has not got yet.</summary>
    ValueTask<bool> IsStoppedAsync(ISqlTransaction transaction, CancellationToken cancellationToken);
}
