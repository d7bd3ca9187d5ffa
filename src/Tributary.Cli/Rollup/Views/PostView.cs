namespace Tributary.Cli.Rollup.Views;

/// <summary>An operation that was posted on Bitcoin.</summary>
internal sealed record PostView(string Operation, string Txid, string What);
