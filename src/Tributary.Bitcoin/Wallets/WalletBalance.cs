using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets;

/// <summary>What the wallet holds, as far as it has looked through the chain; <see cref="WalletStatus.IsSynced"/> says whether that is all of it.</summary>
/// <param name="Confirmed">In blocks and spendable.</param>
/// <param name="TrustedPending">The wallet's own change and payments to itself in the mempool: nobody else can undo them.</param>
/// <param name="UntrustedPending">Payments of others in the mempool, which they may still take back.</param>
/// <param name="Immature">Coinbase outputs that are too young.</param>
/// <param name="Locked">Of the first two, what is set aside by leases.</param>
/// <param name="Reserved">Of the first two without the locked, what spends leave untouched.</param>
public sealed record WalletBalance(Satoshis Confirmed, Satoshis TrustedPending, Satoshis UntrustedPending, Satoshis Immature, Satoshis Locked, Satoshis Reserved)
{
    /// <summary>What can be sent now, its fee included.</summary>
    public Satoshis Spendable => Confirmed + TrustedPending - Locked - Reserved;

    /// <summary>Everything.</summary>
    public Satoshis Total => Confirmed + TrustedPending + UntrustedPending + Immature;
}
