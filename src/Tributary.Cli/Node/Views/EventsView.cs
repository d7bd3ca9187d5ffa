namespace Tributary.Cli.Node.Views;

/// <summary>Events after a number.</summary>
internal sealed record EventsView(IReadOnlyList<EventView> Events);
