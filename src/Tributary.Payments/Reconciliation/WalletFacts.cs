using System.Collections.Immutable;

namespace Tributary.Payments.Reconciliation;

/// <summary>What the wallet's transactions and the node's channels mean, each by itself.</summary>
/// <param name="Entries">For the operator's ledger.</param>
/// <param name="AttemptOutputs">Outputs of transactions that count which pay attempts, with their amounts in millisatoshis.</param>
/// <param name="Transfers">Transfers whose transactions count, with what they took from the wallet in millisatoshis.</param>
/// <param name="Channels">What is ours in channels, and on its way from those that are over, in millisatoshis.</param>
/// <param name="Problems">What nothing here explains.</param>
internal sealed record WalletFacts(
    ImmutableArray<OperatorEntry> Entries,
    ImmutableDictionary<string, long> AttemptOutputs,
    ImmutableDictionary<string, long> Transfers,
    long Channels,
    ImmutableArray<string> Problems);
