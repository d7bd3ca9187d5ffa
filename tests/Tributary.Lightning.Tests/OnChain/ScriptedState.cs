namespace Tributary.Lightning.Tests.OnChain;

/// <summary>What both commitments of a number say: balances without HTLCs, in msat, and HTLCs.</summary>
internal sealed record ScriptedState(long First, long Second, params ScriptedHtlc[] Htlcs);
