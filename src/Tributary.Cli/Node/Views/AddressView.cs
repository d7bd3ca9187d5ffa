namespace Tributary.Cli.Node.Views;

/// <summary>Where to send bitcoin.</summary>
internal sealed record AddressView(string Address);
