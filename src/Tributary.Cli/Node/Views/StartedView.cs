namespace Tributary.Cli.Node.Views;

/// <summary>A node that has started.</summary>
internal sealed record StartedView(string NodeId, string Network, string Chain, string? Listen, string Data, int Height, bool IsNew, string? Warning);
