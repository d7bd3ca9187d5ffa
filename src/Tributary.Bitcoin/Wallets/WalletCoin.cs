using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Wallets;

/// <summary>An output of the wallet that nothing spends.</summary>
/// <param name="OutPoint">Which.</param>
/// <param name="Output">Amount and script.</param>
/// <param name="Place">Where in the wallet its script stands.</param>
/// <param name="Address">Its address, where the script has one.</param>
/// <param name="Confirmations">0 in the mempool.</param>
/// <param name="IsTrusted">In a block, or unconfirmed and the wallet's own.</param>
/// <param name="IsImmature">A coinbase output that is too young.</param>
/// <param name="Lease">What it is set aside for, or null.</param>
public sealed record WalletCoin(OutPoint OutPoint, TxOut Output, ScriptPlace Place, Address? Address, int Confirmations, bool IsTrusted, bool IsImmature, string? Lease);
