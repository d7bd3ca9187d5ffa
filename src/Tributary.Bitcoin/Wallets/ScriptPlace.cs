namespace Tributary.Bitcoin.Wallets;

/// <summary>Where in a wallet a script stands.</summary>
/// <param name="Account">The account's number.</param>
/// <param name="IsChange">Among the scripts for change, not those that are handed out.</param>
/// <param name="Index">The index in the descriptor.</param>
public readonly record struct ScriptPlace(int Account, bool IsChange, uint Index);
