using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Wallets;

/// <summary>An account of a wallet.</summary>
/// <param name="Place">Counts the accounts of the wallet from 0.</param>
public sealed record WalletAccount(uint Place)
{
    /// <summary>Its number in the rollup; null until it is registered.</summary>
    public uint? Number { get; init; }

    /// <summary>The roots of the keys that were made for it, by generation.</summary>
    public IReadOnlyDictionary<uint, Bytes32> Keys { get; init; } = new Dictionary<uint, Bytes32>();
}
