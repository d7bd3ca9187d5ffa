using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Rails.Lightning;

/// <summary>How Lightning payments are taken.</summary>
public sealed record LightningRailOptions
{
    /// <summary>
    /// Blocks that the last HTLC of a payment has left which is taken at once: what the node needs to claim it on chain, and a margin for a server
    /// that is away for some hours between the payment and its settlement.
    /// </summary>
    public uint MinFinalCltvDelta { get; init; } = 72;

    /// <summary>The same for payments that are held for a capture; the node gives them back 36 blocks before their expiry.</summary>
    public uint HoldMinFinalCltvDelta { get; init; } = 180;

    /// <summary>Payments held at one time: each takes a slot of a channel.</summary>
    public int HeldMax { get; init; } = 100;

    /// <summary>What payments held at one time may add up to: all of it is the peers' money that stands still.</summary>
    public MilliSatoshis HeldAmountMax { get; init; } = new(10_000_000_000);

    /// <summary>How long one call waits for an outgoing payment; what is under way then stays pending.</summary>
    public TimeSpan PayTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
