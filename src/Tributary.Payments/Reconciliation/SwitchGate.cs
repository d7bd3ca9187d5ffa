using Tributary.Payments.Outgoing;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reconciliation;

/// <summary>The switch of outgoing money, asked before every transfer.</summary>
public sealed class SwitchGate : IOutgoingGate
{
    public async ValueTask<bool> IsStoppedAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        await OutgoingSwitch.ReadAsync(transaction, cancellationToken) is not null;
}
