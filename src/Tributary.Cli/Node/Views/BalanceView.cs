namespace Tributary.Cli.Node.Views;

/// <summary>What a node holds.</summary>
internal sealed record BalanceView(long ConfirmedSat, long UnconfirmedSat, long SpendableSat, long ReserveSat, long ChannelsMsat, long PendingMsat);
