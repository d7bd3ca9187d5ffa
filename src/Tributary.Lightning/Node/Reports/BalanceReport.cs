using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Reports;

/// <summary>What the node holds.</summary>
/// <param name="Confirmed">On chain, in blocks.</param>
/// <param name="Unconfirmed">On chain, not in a block yet.</param>
/// <param name="Spendable">On chain, what can be sent or put into channels now: the reserve and coins set aside are taken off.</param>
/// <param name="Reserve">Kept back for claims.</param>
/// <param name="InChannels">Ours in channels that are open.</param>
/// <param name="Pending">Ours in channels that are opening, or closing on chain.</param>
public sealed record BalanceReport(Satoshis Confirmed, Satoshis Unconfirmed, Satoshis Spendable, Satoshis Reserve, MilliSatoshis InChannels, MilliSatoshis Pending);
