using System.Collections.Immutable;

namespace Tributary.Bitcoin.Wallets.Books;

/// <summary>A transaction in the wallet's books.</summary>
/// <param name="Transaction">What the wallet shows of it.</param>
/// <param name="Counts">It stands: in a block, in the mempool, or the wallet's own and offered to the network until it is in a block.</param>
/// <param name="Received">Its outputs that pay the wallet, spent or not.</param>
public sealed record BookedTransaction(WalletTransaction Transaction, bool Counts, ImmutableArray<BookedOutput> Received);
