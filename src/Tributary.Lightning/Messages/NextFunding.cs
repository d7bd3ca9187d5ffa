using Tributary.Bitcoin.Transactions;

namespace Tributary.Lightning.Messages;

/// <summary>A funding transaction that <c>channel_reestablish</c> speaks of, and what the peer is to send again (BOLT 2).</summary>
public readonly record struct NextFunding(TxId TxId, byte RetransmitFlags);
