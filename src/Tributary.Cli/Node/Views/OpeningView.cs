namespace Tributary.Cli.Node.Views;

/// <summary>A channel that is opening.</summary>
internal sealed record OpeningView(string ChannelId, string FundingTxid, uint FundingOutput);
