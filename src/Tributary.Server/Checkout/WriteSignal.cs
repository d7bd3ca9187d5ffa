using System.Threading.Channels;

namespace Tributary.Server.Checkout;

/// <summary>Says that something was written. Writes that come while nobody looks are one signal.</summary>
internal sealed class WriteSignal
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Raise() => _signal.Writer.TryWrite(true);

    /// <summary>Completes when something was written since the last call.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);
}
