using Tributary.Bitcoin.Chain;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Books;

/// <summary>All that a wallet knows of its money at one moment, for those who keep accounts of it.</summary>
/// <param name="Tip">The last block that it has looked through.</param>
/// <param name="Transactions">In the order in which the wallet came to know them.</param>
/// <param name="Unspent">
/// What unspent outputs of transactions that count add up to, immature coinbase outputs among them: found from the outputs, not from the transactions'
/// sums.
/// </param>
public sealed record WalletBooks(ChainTip Tip, IReadOnlyList<BookedTransaction> Transactions, Satoshis Unspent);
