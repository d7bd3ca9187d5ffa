namespace Tributary.Cli.Rollup.Views;

/// <summary>A deposit that is on its way.</summary>
internal sealed record DepositView(string Txid, uint Account, long AmountSat);
