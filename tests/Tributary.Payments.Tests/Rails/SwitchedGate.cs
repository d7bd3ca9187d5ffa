using Tributary.Payments.Outgoing;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.Rails;

/// <summary>A gate that a test opens and closes.</summary>
internal sealed class SwitchedGate : IOutgoingGate
{
    public bool IsStopped { get; set; }

    public ValueTask<bool> IsStoppedAsync(ISqlTransaction transaction, CancellationToken cancellationToken) => ValueTask.FromResult(IsStopped);
}
