using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Reports;

/// <summary>One channel in the books: what it began with and what of it is ours by what has been decided.</summary>
/// <param name="Id">The channel.</param>
/// <param name="Funding">Its output.</param>
/// <param name="IsOpener">We funded it.</param>
/// <param name="Capacity">All of it.</param>
/// <param name="Opened">What was ours when it began: the funding without what was given to the peer, or what the peer gave.</param>
/// <param name="Ours">
/// What is ours: our balance before the commitment's fees, HTLCs that we offer until their preimage is known, and HTLCs of the peer's from the
/// moment in which their preimage is given away.
/// </param>
/// <param name="CloseScript">Where its money goes in the wallet when it is over.</param>
/// <param name="IsOver">A transaction that ends it was made or seen: its money is on its way to <paramref name="CloseScript"/>, less fees.</param>
/// <param name="IsClaimed">Nothing of it is left to claim on chain.</param>
public sealed record ChannelPosition(
    ChannelId Id, OutPoint Funding, bool IsOpener, Satoshis Capacity, MilliSatoshis Opened, MilliSatoshis Ours, Script CloseScript, bool IsOver, bool IsClaimed);
