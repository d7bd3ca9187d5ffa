using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.State;

/// <summary>A transaction of the wallet and what has become of it.</summary>
internal sealed class TransactionEntry(Transaction transaction, int order, long seenAt, bool isOwn)
{
    internal Transaction Transaction { get; } = transaction;

    internal TxId TxId => Transaction.TxId;

    /// <summary>How many the wallet knew before it.</summary>
    internal int Order { get; } = order;

    /// <summary>Seconds since 1970.</summary>
    internal long SeenAt { get; } = seenAt;

    /// <summary>Made by this wallet.</summary>
    internal bool IsOwn { get; set; } = isOwn;

    internal Satoshis? Fee { get; set; }

    internal TxId? Replaces { get; init; }

    /// <summary>The newest of the wallet's transactions that was made to replace this one and was not given up.</summary>
    internal TxId? ReplacedBy { get; set; }

    /// <summary>The block it is in.</summary>
    internal ChainTip? Block { get; set; }

    /// <summary>Its place in the block.</summary>
    internal int Position { get; set; }

    /// <summary>A block's transaction that spends what this one spends.</summary>
    internal (TxId By, ChainTip Block)? Conflict { get; set; }

    internal bool IsAbandoned { get; set; }

    /// <summary>
    /// Whether the source's mempool has it. Not stored: believed until the source says otherwise, so that a wallet whose source is away
    /// shows what it last knew.
    /// </summary>
    internal bool IsInMempool { get; set; } = true;

    internal bool IsConfirmed => Block is not null;
}
