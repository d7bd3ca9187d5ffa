using Tributary.Bitcoin.Chain;

namespace Tributary.Bitcoin.Wallets;

/// <summary>How far the wallet knows the chain.</summary>
/// <param name="IsSynced">True only while it follows a source that is synced, and has looked through everything up to its tip.</param>
/// <param name="Tip">The last block it looked through.</param>
/// <param name="SourceTip">The source's last block, as far as it is known.</param>
/// <param name="Problem">Why it is not synced and what to do, or null.</param>
/// <param name="IsLocked">True when the wallet has a seed and it is sealed now: it sees, and cannot spend.</param>
public sealed record WalletStatus(bool IsSynced, ChainTip? Tip, ChainTip? SourceTip, string? Problem, bool IsLocked);
