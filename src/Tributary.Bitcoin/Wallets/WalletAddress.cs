using Tributary.Bitcoin.Addresses;

namespace Tributary.Bitcoin.Wallets;

/// <summary>An address that the wallet handed out.</summary>
/// <param name="Address">The address.</param>
/// <param name="Place">Where in the wallet.</param>
/// <param name="Label">The user's note, or null.</param>
public sealed record WalletAddress(Address Address, ScriptPlace Place, string? Label);
