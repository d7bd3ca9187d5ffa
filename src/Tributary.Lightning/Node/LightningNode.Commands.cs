using System.Runtime.CompilerServices;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node;

/// <content>What users of the node ask of it.</content>
public sealed partial class LightningNode
{
    private static readonly TimeSpan s_openTimeout = TimeSpan.FromSeconds(60);

    public async Task<Result<Address, Refusal>> NewAddressAsync(CancellationToken cancellationToken) =>
        (await _core.Wallet.Wallet.NewAddressAsync(WalletAccountKind.Bip84, "deposit", cancellationToken)).Then<Address>(static issued => issued.Address);

    public async Task<Result<Transaction, Refusal>> WithdrawAsync(Address to, Satoshis? amount, FeeratePerKvB? feerate, CancellationToken cancellationToken)
    {
        var request = new SendRequest
        {
            Outputs = [amount is { } sum ? SendOutput.To(to, sum) : SendOutput.AllTo(to)],
            Feerate = feerate ?? _core.Fees.Current.Normal.ToPerKvB(),
            Label = "withdrawal",
        };
        return await _core.Wallet.Wallet.SendAsync(request, cancellationToken);
    }

    public async Task<Result<PeerReport, Refusal>> ConnectAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        if (!_ready.Task.IsCompletedSuccessfully)
            return new Refusal("chain", "is being looked through: peers are dialled when that is done; 'status' says how far it is");
        if (!(await _hub.ConnectAsync(address, cancellationToken)).TryGet(out var connection, out var closure))
            return new Refusal("peer", $"{closure.Reason}; is the node running, and are id and address right?");
        var peer = new NodeId(address.NodeId);
        if (!connection.IsInbound)
        {
            await Loop.AskAsync(turn =>
            {
                var known = _core.State.Peers.TryGetValue(peer, out var old) && old == (address.Host, address.Port);
                if (!known && _core.State.Peers.Count < NodeState.PeersMax)
                    _core.Record(turn, new NodeRecord.PeerAddressKnown(peer, address.Host, address.Port));
                return true;
            });
            if (_channels.OfPeer(peer).Count > 0)
                _hub.Keep(address);
        }

        return new PeerReport(address.NodeId, connection.RemoteEndpoint.ToString(), connection.IsInbound);
    }

    public Task<IReadOnlyList<PeerReport>> ListPeersAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PeerReport>>([.. _hub.Peers.Select(static peer => new PeerReport(peer.NodeId, peer.RemoteEndpoint.ToString(), peer.IsInbound))]);

    public async Task<Result<ChannelOpening, Refusal>> OpenChannelAsync(OpenChannelRequest request, CancellationToken cancellationToken)
    {
        if (_hub.Find(request.Peer) is not { } connection)
            return new Refusal("peer", "is not connected: 'connect ID@HOST:PORT' first");
        if (CheckFunds(request) is { } refusal)
            return refusal;
        if (!(await BeginOpeningAsync(request, connection, cancellationToken)).TryGet(out var opening, out var refused))
            return refused;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Loop.Ended);
        try
        {
            return await opening.WaitAsync(s_openTimeout, _core.Time, either.Token);
        }
        catch (TimeoutException)
        {
            return new Refusal("peer", $"has not agreed within {s_openTimeout.TotalSeconds} seconds: 'channels' shows what becomes of it");
        }
    }

    /// <summary>Proposes a channel: what becomes of it shows in the task.</summary>
    internal async Task<Result<Task<Result<ChannelOpening, Refusal>>, Refusal>> BeginOpeningAsync(OpenChannelRequest request, PeerConnection connection, CancellationToken cancellationToken)
    {
        var peer = new NodeId(request.Peer);
        var script = await _core.Wallet.NewScriptAsync("close of a channel", cancellationToken);
        var opening = new TaskCompletionSource<Result<ChannelOpening, Refusal>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = await Loop.AskAsync(turn =>
            _peers.Connections.TryGetValue(peer, out var current) && current == connection
                ? Wrap(_channels.Open(turn, connection, request, script, opening))
                : Wrap(new Refusal("peer", "went away: connect again")));
        if (begun.Refusal is { } refused)
            return refused;
        KeepPeer(peer);
        return opening.Task;
    }

    public async Task<Result<InvoiceReport, Refusal>> CreateInvoiceAsync(InvoiceRequest request, CancellationToken cancellationToken)
    {
        var order = new InvoiceOrder
        {
            Network = _core.Options.Network,
            Amount = request.Amount,
            Description = request.Description,
            ExpirySeconds = (long)request.Expiry.TotalSeconds,
            IsHold = request.IsHold,
            PaymentHash = request.PaymentHash,
            DescriptionHash = request.DescriptionHash,
            MinFinalCltvDelta = request.MinFinalCltvDelta,
        };
        return await Loop.AskAsync<Result<InvoiceReport, Refusal>>(turn =>
        {
            var hints = _channels.All.Where(static entry => entry.Channel.IsUsable).Select(HintOf).OfType<HintChannel>();
            if (!_payments.Incoming.Create(order, hints, _core.Keys.Identity, _core.NowMilliseconds).TryGet(out var created, out var refusal))
                return refusal;
            _payments.Run(turn, created.Step);
            var hash = created.Invoice.Terms.PaymentHash;
            var sheet = _payments.Incoming.Find(hash)?.Sheet;
            return new InvoiceReport(
                created.Invoice.Text, hash, request.Amount, DateTimeOffset.FromUnixTimeSeconds(created.Invoice.Terms.ExpiresAt), request.IsHold ? sheet?.Preimage : null, WarningFor(request.Amount));
        });
    }

    public async Task<Result<PaymentReport, Refusal>> PayAsync(PayRequest request, CancellationToken cancellationToken)
    {
        if (!Invoice.Parse(request.Text.Trim()).TryGet(out var invoice, out var refusal))
            return new Refusal("invoice", $"can't be read: {refusal}");
        if (invoice.Terms.Network != _core.Options.Network)
            return new Refusal("invoice", $"is for {invoice.Terms.Network}; this node is on {_core.Options.Network}");
        return PaymentOrder.ForInvoice(invoice, request.Amount, request.FeeMax, _core.NowMilliseconds, (long)request.Timeout.TotalMilliseconds).TryGet(out var order, out refusal)
            ? await PayAsync(order, request.Timeout, cancellationToken)
            : refusal;
    }

    public async Task<Result<PaymentReport, Refusal>> KeysendAsync(PublicKey payee, MilliSatoshis amount, MilliSatoshis? feeMax, CancellationToken cancellationToken)
    {
        var order = PaymentOrder.ForKeysend(new NodeId(payee), amount, _channels.DrawHash(), feeMax, _core.NowMilliseconds);
        return await PayAsync(order, TimeSpan.FromSeconds(60), cancellationToken);
    }

    public async Task<Result<PaymentReport, Refusal>> SettleAsync(Bytes32 preimage, CancellationToken cancellationToken)
    {
        var hash = Hashes.Sha256(preimage.Span);
        return await Loop.AskAsync<Result<PaymentReport, Refusal>>(turn =>
        {
            if (!_core.IsSynced)
                return new Refusal("chain", "is not synced: 'status' says why; a preimage is given away when it is");
            if (!_payments.Incoming.Settle(preimage, _core.NowMilliseconds, (uint)_core.Height).TryGet(out var step, out var refusal))
                return refusal;
            _payments.Run(turn, step);
            return ReportOf(_payments.Incoming.Find(hash)!);
        });
    }

    public async Task<Result<PaymentReport, Refusal>> CancelAsync(Bytes32 paymentHash, CancellationToken cancellationToken)
    {
        return await Loop.AskAsync<Result<PaymentReport, Refusal>>(turn =>
        {
            if (!_payments.Incoming.Cancel(paymentHash, _core.NowMilliseconds, (uint)_core.Height).TryGet(out var step, out var refusal))
                return refusal;
            _payments.Run(turn, step);
            return ReportOf(_payments.Incoming.Find(paymentHash)!);
        });
    }

    public async Task<Result<CloseReport, Refusal>> CloseChannelAsync(string channel, bool force, CancellationToken cancellationToken)
    {
        return await Loop.AskAsync<Result<CloseReport, Refusal>>(turn =>
        {
            var matches = _channels.All.Where(entry => entry.Channel.Id.ToString().StartsWith(channel, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (matches is not [var entry])
                return new Refusal("channel", matches.Length == 0 ? $"'{channel}' is none of ours: 'channels' lists them" : $"'{channel}' begins the ids of {matches.Length} channels: give more of it");
            var id = entry.Channel.Id;
            if (force)
            {
                var isUnconfirmed = entry.Channel.IsUnconfirmed;
                if (isUnconfirmed && !UnconfirmedText.MayInsist(_core))
                    return new Refusal("force", UnconfirmedText.Refusal(_core, entry));
                var risk = isUnconfirmed ? UnconfirmedText.Risk(entry) : "";
                _channels.Run(turn, entry, entry.Channel.ForceClose("asked by the operator", isUnconfirmed));
                if (entry.Channel.State.Stage == ChannelStage.Stale)
                    return new CloseReport(id, IsForced: false, "This node's own state is old and is never published: the peer is asked to close, now or when it is back.");
                return new CloseReport(id, IsForced: true, $"Our commitment goes on chain; our money comes back {entry.Channel.State.RemoteTerms?.ToSelfDelay ?? 0} blocks after it confirms.{risk}");
            }

            if (!entry.Channel.Shutdown(script: null).TryGet(out var step, out var refusal))
                return refusal;
            _channels.Run(turn, entry, step);
            return new CloseReport(id, IsForced: false, entry.Connection is null
                ? "The channel closes when the peer is connected again; with --force it does not wait for the peer."
                : "The channel is closing: payments under way are resolved first, then the funds come on chain.");
        });
    }

    public async IAsyncEnumerable<NodeEvent> FollowEventsAsync(ulong after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = _core.EventNotice.Next;
            var events = await Loop.AskAsync(_ => _core.State.Events.Where(one => one.Sequence > after).ToArray()).WaitAsync(cancellationToken);
            foreach (var one in events)
            {
                yield return one;
                after = one.Sequence;
            }

            if (events.Length > 0)
                continue;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Loop.Ended);
            await next.WaitAsync(either.Token);
        }
    }

    public Task<ulong> LastEventAsync(CancellationToken cancellationToken) => Loop.AskAsync(_ => _core.State.LastEvent);

    private static (bool IsDone, Refusal? Refusal) Wrap(Refusal? refusal) => (refusal is null, refusal);

    private async Task<Result<PaymentReport, Refusal>> PayAsync(PaymentOrder order, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var begun = await BeginAsync(order);
        if (begun.Report is { } known)
            return known;
        if (begun.Refusal is { } refused)
            return refused;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Loop.Ended);
        try
        {
            return await begun.Done!.WaitAsync(timeout, _core.Time, either.Token);
        }
        catch (TimeoutException)
        {
            // It is pending still.
        }

        var report = await Loop.AskAsync(_ => _payments.Outgoing.Find(order.PaymentHash) is { } payment ? ReportOf(payment) : null);
        return report is not null ? report : new Refusal("payment", "is not known any more");
    }

    /// <summary>Begins a payment, or joins one of the same hash: a report of what is paid, a refusal, or a task that ends with it.</summary>
    internal Task<(Task<PaymentReport>? Done, PaymentReport? Report, Refusal? Refusal)> BeginAsync(PaymentOrder order) =>
        Loop.AskAsync<(Task<PaymentReport>?, PaymentReport?, Refusal?)>(turn =>
        {
            // Asked again for what was paid already, the answer is the same as then.
            if (_payments.Outgoing.Find(order.PaymentHash) is { Status: PaymentStatus.Succeeded } paid)
                return (null, ReportOf(paid), null);
            return _payments.Pay(turn, order).TryGet(out var done, out var refusal) ? (done, null, null) : (null, null, refusal);
        });

    private Refusal? CheckFunds(OpenChannelRequest request)
    {
        var required = OnChain.AnchorReserve.Required(_channels.AnchorChannelCount + 1, _core.Fees.Current.Normal);
        var balance = _core.Wallet.Wallet.Balance;
        var free = balance.Confirmed - balance.Locked;
        if (free >= request.Amount + required)
            return null;
        var pending = balance.TrustedPending + balance.UntrustedPending;
        return new Refusal("amount", free < request.Amount
            ? $"is {request.Amount.Value} sat, and {free.Value} sat are confirmed on chain{(pending > Satoshis.Zero ? $" ({pending.Value} sat more wait for a block)" : "")}: send bitcoin to an address of 'address' first"
            : $"leaves {(free - request.Amount).Value} sat on chain, and {required.Value} sat have to stay so that the channel can be claimed: open a smaller one, or send more bitcoin to an address of 'address'");
    }

    private HintChannel? HintOf(ChannelEntry entry)
    {
        var state = entry.Channel.State;
        var id = state.RemoteAlias ?? state.Position;
        return id is { } known && entry.Peer.TryGetKey(out var key)
            ? new HintChannel(key, known, entry.PeerPolicy, entry.Channel.GetBalance().Receivable, IsPublic: false)
            : null;
    }

    private string? WarningFor(MilliSatoshis? amount)
    {
        var usable = _channels.All.Where(static entry => entry.Channel.IsUsable).Select(static entry => entry.Channel.GetBalance().Receivable).ToArray();
        if (usable.Length == 0)
            return "No channel can receive now: 'status' says what to do.";
        var sum = usable.Aggregate(MilliSatoshis.Zero, static (total, one) => total + one);
        return amount is { } asked && asked > sum ? $"All channels together can receive {sum.Value} msat now, less than this asks for: 'status' says what to do." : null;
    }
}
