using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Coins;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Spending;

/// <summary>
/// A payment that is prepared and not sent. Its coins are set aside until it is committed or cancelled, or the lease ends.
/// </summary>
/// <param name="Psbt">With the spent outputs, scripts and key origins: for a signer elsewhere.</param>
/// <param name="Transaction">The signed transaction, where the wallet has the keys and is unlocked; null otherwise.</param>
/// <param name="Fee">What it pays.</param>
/// <param name="ChangeIndex">Which output is change, or null.</param>
/// <param name="Algorithm">How its coins were chosen.</param>
/// <param name="LeaseId">Names the lease on its coins.</param>
/// <param name="ExpiresAt">When that ends by itself.</param>
public sealed record WalletDraft(
    PartiallySignedTransaction Psbt, Transaction? Transaction, Satoshis Fee, int? ChangeIndex, CoinSelectionAlgorithm Algorithm, string LeaseId, DateTimeOffset ExpiresAt);
