namespace Tributary.Cli.Node.Views;

/// <summary>An event.</summary>
internal sealed record EventView(ulong Sequence, string Time, string Kind, string Subject, long AmountMsat, string? Preimage, string Text);
