using Tributary.Bitcoin.Wallets;

namespace Tributary.Payments.Rails.Bitcoin;

/// <summary>The wallet whose addresses shoppers pay.</summary>
/// <param name="Wallet">The node's hot wallet, or one that only watches.</param>
/// <param name="IsWatchOnly">Its keys are elsewhere: what comes is seen, and nothing here can spend it.</param>
public sealed record ReceivingWallet(Opening<Wallet> Wallet, bool IsWatchOnly);
