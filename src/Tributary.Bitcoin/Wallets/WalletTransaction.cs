using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets;

/// <summary>A transaction that pays the wallet or spends from it.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Block">The block it is in, or null.</param>
/// <param name="Confirmations">At the wallet's tip; 0 outside of blocks.</param>
/// <param name="Received">What its outputs pay the wallet.</param>
/// <param name="Sent">What its inputs take from the wallet.</param>
/// <param name="Fee">Where it is known.</param>
/// <param name="IsOwn">Made by this wallet.</param>
/// <param name="SeenAt">When the wallet first saw it.</param>
/// <param name="ReplacedBy">The wallet's transaction that took its place.</param>
/// <param name="Label">The user's note.</param>
public sealed record WalletTransaction(
    Transaction Transaction,
    WalletTransactionState State,
    ChainTip? Block,
    int Confirmations,
    Satoshis Received,
    Satoshis Sent,
    Satoshis? Fee,
    bool IsOwn,
    DateTimeOffset SeenAt,
    TxId? ReplacedBy,
    string? Label)
{
    public TxId TxId => Transaction.TxId;

    /// <summary>What the wallet gained by it; negative for a payment.</summary>
    public Satoshis Net => Received - Sent;
}
