using Tributary.Bitcoin.Scripts;

namespace Tributary.Lightning.OnChain;

/// <summary>How a channel is watched.</summary>
/// <param name="SweepScript">Where claimed money goes: an address of the wallet.</param>
/// <param name="ActionDepth">Confirmations after which an HTLC counts as failed; a reorganisation of so many blocks has never been seen in Bitcoin's mature years.</param>
/// <param name="DoneDepth">Confirmations after which nothing is watched any more.</param>
public sealed record MonitorSettings(Script SweepScript, int ActionDepth = 6, int DoneDepth = 100);
