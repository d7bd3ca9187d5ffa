using Tributary.Storage.Relational;

namespace Tributary.Payments.Outgoing;

/// <summary>Never stops anything: for a server without a switch.</summary>
public sealed class OpenGate : IOutgoingGate
{
    public ValueTask<bool> IsStoppedAsync(ISqlTransaction transaction, CancellationToken cancellationToken) => ValueTask.FromResult(false);
}
