namespace Tributary.Cli.Node.Views;

/// <summary>A withdrawal.</summary>
internal sealed record WithdrawalView(string Txid, long? AmountSat);
