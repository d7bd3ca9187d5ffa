namespace Tributary.Cli.Node.Views;

/// <summary>A node that stops.</summary>
internal sealed record StoppedView(bool Stopped);
