using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>What a monitor is told.</summary>
public abstract record MonitorInput
{
    private MonitorInput()
    {
    }

    /// <summary>A block joined the chain.</summary>
    /// <param name="Height">Its height.</param>
    /// <param name="Transactions">Its transactions in their order: all of them, or at least those that spend what is watched.</param>
    public sealed record BlockConnected(int Height, IReadOnlyList<Transaction> Transactions) : MonitorInput;

    /// <summary>The block of this height, and all after it, left the chain.</summary>
    public sealed record BlockDisconnected(int Height) : MonitorInput;

    /// <summary>The channel is closed by force: our commitment goes on chain, unless the state is stale.</summary>
    public sealed record BroadcastCommitment(string Reason) : MonitorInput;

    /// <summary>A preimage came to be known: the channel's claims give it now.</summary>
    public sealed record PreimageKnown(Bytes32 PaymentHash) : MonitorInput;

    /// <summary>Feerates have changed.</summary>
    public sealed record Feerates : MonitorInput;

    /// <summary>The wallet's answer to <see cref="MonitorEffect.NeedsCoins"/>: no coins when it has none.</summary>
    /// <param name="Purpose">As in the request.</param>
    /// <param name="Coins">Confirmed and leased.</param>
    /// <param name="ChangeScript">Where what is left goes.</param>
    public sealed record CoinsSupplied(OutPoint Purpose, IReadOnlyList<FeeCoin> Coins, Script ChangeScript) : MonitorInput;

    /// <summary>
    /// Coins that were supplied can't be spent any more: after a reorganisation the driver looks whether each leased coin still is in the
    /// chain, since what made it may not come again.
    /// </summary>
    public sealed record CoinsWithdrawn(OutPoint Purpose) : MonitorInput;

    /// <summary>
    /// A transaction that spends the funding is in the mempool. To be said with each block, and when coins were supplied, as long as it is so and
    /// <see cref="ChannelMonitor.WantsClose"/> holds.
    /// </summary>
    public sealed record CloseSeen(Transaction Close) : MonitorInput;

    /// <summary>The records are replayed: everything that is under way is said again.</summary>
    public sealed record Resume : MonitorInput;
}
