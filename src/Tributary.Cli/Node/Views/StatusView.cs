namespace Tributary.Cli.Node.Views;

/// <summary>How it stands.</summary>
internal sealed record StatusView(
    bool Synced, long CanSendMsat, long CanReceiveMsat, long ReserveSat, long ConfirmedSat, IReadOnlyList<string> Summary, IReadOnlyList<string> NextSteps, IReadOnlyList<string> AtRisk,
    IReadOnlyList<BackupFileView> Backups);
