namespace Tributary.Cli.Rollup.Views;

/// <summary>An address on Bitcoin.</summary>
internal sealed record AddressView(string Address);
