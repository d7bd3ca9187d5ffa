namespace Tributary.Cli.Node.Views;

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
