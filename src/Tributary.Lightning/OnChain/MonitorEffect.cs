using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>What a monitor wants done once its records are durable. All may come again after a restart.</summary>
public abstract record MonitorEffect
{
    private MonitorEffect()
    {
    }

    /// <summary>The peer showed a preimage on chain. Always before any other effect.</summary>
    public sealed record PreimageLearnt(Bytes32 PaymentHash, Bytes32 Preimage) : MonitorEffect;

    /// <summary>The peer broadcast a commitment that it had revoked.</summary>
    public sealed record BreachFound(ulong CommitmentNumber, TxId TxId) : MonitorEffect;

    /// <summary>An HTLC ended.</summary>
    /// <param name="IsOffered">We offered it.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="PaymentHash">Its hash.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Preimage">For a fulfilled one that we offered.</param>
    public sealed record HtlcResolvedOnChain(bool IsOffered, ulong Id, Bytes32 PaymentHash, ChainOutcome Outcome, Bytes32? Preimage) : MonitorEffect;

    /// <summary>
    /// Time is running out, or the channel is no longer what it was: the channel should be closed by force. Comes with every block until
    /// <see cref="MonitorInput.BroadcastCommitment"/> does.
    /// </summary>
    /// <param name="Reason">Why.</param>
    /// <param name="IsInsisted">Also where the peer has not agreed with our state since the start: the money is lost otherwise.</param>
    public sealed record NeedsForceClose(string Reason, bool IsInsisted = false) : MonitorEffect;

    /// <summary>Broadcast these, as one package where there are two: parents first.</summary>
    /// <param name="Package">One transaction, or a commitment and its child.</param>
    /// <param name="Feerate">Of the whole.</param>
    /// <param name="DeadlineHeight">From the block after this height on somebody else may take it; null when nobody can.</param>
    public sealed record Broadcast(IReadOnlyList<ClaimTransaction> Package, FeeratePerKw Feerate, int? DeadlineHeight) : MonitorEffect
    {
        /// <summary>Blocks left at a height.</summary>
        public int? BlocksLeft(int height) => DeadlineHeight - height;
    }

    /// <summary>Lease confirmed coins for the fees of a transaction; what they cost to spend at the feerate comes on top of the amount.</summary>
    /// <param name="Purpose">What they are for: our anchor, or an HTLC's output.</param>
    /// <param name="Amount">Satoshis.</param>
    /// <param name="Feerate">For the coins' own inputs.</param>
    public sealed record NeedsCoins(OutPoint Purpose, Satoshis Amount, FeeratePerKw Feerate) : MonitorEffect;

    /// <summary>Coins that were supplied for this are free again, unless a confirmed transaction has spent them.</summary>
    public sealed record ReleaseCoins(OutPoint Purpose) : MonitorEffect;

    /// <summary>Tell of transactions that spend this.</summary>
    public sealed record Watch(OutPoint OutPoint, Script Script) : MonitorEffect;

    /// <summary>A person should know.</summary>
    public sealed record Alarm(string Text) : MonitorEffect;

    /// <summary>Everything is as deep as it must be: nothing is watched any more.</summary>
    public sealed record Done : MonitorEffect;
}
