using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Peers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node;

/// <summary>
/// A running Lightning node. What a call answers is durable when it answers. A refusal says what to do next. Safe to call from many threads.
/// </summary>
public interface ILightningNode
{
    /// <summary>Who it is.</summary>
    Task<NodeInfo> GetInfoAsync(CancellationToken cancellationToken);

    /// <summary>How it stands, in words.</summary>
    Task<NodeStatus> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>An address to send bitcoin to.</summary>
    Task<Result<Address, Refusal>> NewAddressAsync(CancellationToken cancellationToken);

    /// <summary>Sends bitcoin on chain; the reserve for claims stays.</summary>
    /// <param name="to">Whom.</param>
    /// <param name="amount">How much; null for all that the reserve leaves.</param>
    /// <param name="feerate">Null lets the estimator decide.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<Result<Transaction, Refusal>> WithdrawAsync(Address to, Satoshis? amount, FeeratePerKvB? feerate, CancellationToken cancellationToken);

    /// <summary>Connects with a peer, and dials it again when the connection is lost as long as there is a channel with it.</summary>
    Task<Result<PeerReport, Refusal>> ConnectAsync(PeerAddress address, CancellationToken cancellationToken);

    /// <summary>Peers that are connected.</summary>
    Task<IReadOnlyList<PeerReport>> ListPeersAsync(CancellationToken cancellationToken);

    /// <summary>Opens a channel: answers when its funding has been handed to the network.</summary>
    Task<Result<ChannelOpening, Refusal>> OpenChannelAsync(OpenChannelRequest request, CancellationToken cancellationToken);

    /// <summary>All channels that are not over, and those that are being resolved on chain.</summary>
    Task<IReadOnlyList<ChannelReport>> ListChannelsAsync(CancellationToken cancellationToken);

    /// <summary>What it holds.</summary>
    Task<BalanceReport> GetBalanceAsync(CancellationToken cancellationToken);

    /// <summary>What the channels hold at one moment, and up to which event: what books are compared with.</summary>
    Task<NodePosition> GetPositionAsync(CancellationToken cancellationToken);

    /// <summary>Writes an invoice.</summary>
    Task<Result<InvoiceReport, Refusal>> CreateInvoiceAsync(InvoiceRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Pays an invoice and waits until it is resolved, or until the request's time is over: then it is "pending" still, and shows in
    /// <see cref="ListPaymentsAsync"/> and the events. The same hash is never paid twice.
    /// </summary>
    Task<Result<PaymentReport, Refusal>> PayAsync(PayRequest request, CancellationToken cancellationToken);

    /// <summary>Pays a node without an invoice (bLIP 3).</summary>
    Task<Result<PaymentReport, Refusal>> KeysendAsync(PublicKey payee, MilliSatoshis amount, MilliSatoshis? feeMax, CancellationToken cancellationToken);

    /// <summary>Payments in and out, the latest first.</summary>
    Task<IReadOnlyList<PaymentReport>> ListPaymentsAsync(CancellationToken cancellationToken);

    /// <summary>A payment by its hash; null when it is not known, or its details were let go.</summary>
    /// <param name="paymentHash">Its hash.</param>
    /// <param name="isOutgoing">True for one that we make, false for an invoice of ours or a payment without one: a hash may be both.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<PaymentReport?> FindPaymentAsync(Bytes32 paymentHash, bool isOutgoing, CancellationToken cancellationToken);

    /// <summary>Takes the payment of a hold invoice.</summary>
    Task<Result<PaymentReport, Refusal>> SettleAsync(Bytes32 preimage, CancellationToken cancellationToken);

    /// <summary>Gives the payment of a hold invoice back, and takes none any more.</summary>
    Task<Result<PaymentReport, Refusal>> CancelAsync(Bytes32 paymentHash, CancellationToken cancellationToken);

    /// <summary>Closes a channel.</summary>
    /// <param name="channel">Its id, or the beginning of it where that is one channel's alone.</param>
    /// <param name="force">Do not ask the peer: our commitment goes on chain, and our money comes after the delay.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<Result<CloseReport, Refusal>> CloseChannelAsync(string channel, bool force, CancellationToken cancellationToken);

    /// <summary>
    /// What has happened after a number, then what happens, until cancelled, in order and each once; see <see cref="NodeEvent"/> for what a
    /// reader can rely on. 0 begins with the oldest that is kept. Any number of readers may follow.
    /// </summary>
    IAsyncEnumerable<NodeEvent> FollowEventsAsync(ulong after, CancellationToken cancellationToken);

    /// <summary>The number of the last event so far; 0 before the first. A new reader that only wants what comes begins here.</summary>
    Task<ulong> LastEventAsync(CancellationToken cancellationToken);
}
