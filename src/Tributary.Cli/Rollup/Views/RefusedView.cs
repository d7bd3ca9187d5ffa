namespace Tributary.Cli.Rollup.Views;

/// <summary>What stood in the place of a batch and does not count.</summary>
internal sealed record RefusedView(int Height, string Txid, string Field, string Reason);
