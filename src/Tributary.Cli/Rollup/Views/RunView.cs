namespace Tributary.Cli.Rollup.Views;

/// <summary>A rollup that runs.</summary>
internal sealed record RunView(string Url, string Rollup, string Network, string Parameters, string Vault);
