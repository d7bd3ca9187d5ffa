namespace Tributary.Cli.Node.Views;

/// <summary>A close that has begun.</summary>
internal sealed record CloseView(string ChannelId, bool Forced, string Detail);
