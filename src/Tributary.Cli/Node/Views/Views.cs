namespace Tributary.Cli.Node.Views;

/// <summary>A node that has started.</summary>
internal sealed record StartedView(string NodeId, string Network, string Chain, string? Listen, string Data, int Height, bool IsNew);

/// <summary>Who a node is.</summary>
internal sealed record InfoView(string NodeId, string Alias, string Network, IReadOnlyList<string> Addresses, int Height, bool Synced, int Peers, int Channels, string Version);

/// <summary>How it stands.</summary>
internal sealed record StatusView(
    bool Synced, long CanSendMsat, long CanReceiveMsat, long ReserveSat, long ConfirmedSat, IReadOnlyList<string> Summary, IReadOnlyList<string> NextSteps, IReadOnlyList<string> AtRisk);

/// <summary>Where to send bitcoin.</summary>
internal sealed record AddressView(string Address);

/// <summary>A withdrawal.</summary>
internal sealed record WithdrawalView(string Txid, long? AmountSat);

/// <summary>A peer.</summary>
internal sealed record PeerView(string NodeId, string Address, bool Inbound);

/// <summary>Peers.</summary>
internal sealed record PeersView(IReadOnlyList<PeerView> Peers);

/// <summary>A channel that is opening.</summary>
internal sealed record OpeningView(string ChannelId, string FundingTxid, uint FundingOutput);

/// <summary>A channel.</summary>
internal sealed record ChannelView(
    string ChannelId,
    string Peer,
    string State,
    string Detail,
    bool Usable,
    bool Opener,
    bool Private,
    string? Funding,
    string? ShortChannelId,
    int Confirmations,
    long CapacitySat,
    long OursMsat,
    long TheirsMsat,
    long CanSendMsat,
    long CanReceiveMsat,
    int Htlcs);

/// <summary>Channels.</summary>
internal sealed record ChannelsView(IReadOnlyList<ChannelView> Channels);

/// <summary>What a node holds.</summary>
internal sealed record BalanceView(long ConfirmedSat, long UnconfirmedSat, long SpendableSat, long ReserveSat, long ChannelsMsat, long PendingMsat);

/// <summary>An invoice.</summary>
internal sealed record InvoiceView(string Invoice, string PaymentHash, long? AmountMsat, string ExpiresAt, string? Preimage, string? Warning);

/// <summary>What an invoice says.</summary>
internal sealed record DecodedView(
    string Payee,
    string PaymentHash,
    long? AmountMsat,
    string Network,
    string? Description,
    string? DescriptionHash,
    string CreatedAt,
    string ExpiresAt,
    uint MinFinalCltvExpiryDelta,
    int RouteHints);

/// <summary>A payment.</summary>
internal sealed record PaymentView(
    string PaymentHash, string Direction, string State, long AmountMsat, long FeeMsat, string? Preimage, string? Reason, string CreatedAt, string? Description);

/// <summary>Payments.</summary>
internal sealed record PaymentsView(IReadOnlyList<PaymentView> Payments);

/// <summary>A close that has begun.</summary>
internal sealed record CloseView(string ChannelId, bool Forced, string Detail);

/// <summary>An event.</summary>
internal sealed record EventView(ulong Sequence, string Time, string Kind, string Subject, long AmountMsat, string? Preimage, string Text);

/// <summary>Events after a number.</summary>
internal sealed record EventsView(IReadOnlyList<EventView> Events);

/// <summary>A backup that was written.</summary>
internal sealed record BackupView(string File, int Channels, string? Words);

/// <summary>Blocks of the embedded chain.</summary>
internal sealed record MinedView(int Blocks, int Height);

/// <summary>A node that stops.</summary>
internal sealed record StoppedView(bool Stopped);
