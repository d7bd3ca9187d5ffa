using System.Collections.Immutable;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;

namespace Tributary.Bitcoin.Wallets;

/// <summary>What a new wallet is made of: a seed with its accounts, or descriptors to watch, or both.</summary>
/// <param name="Network">Where it lives.</param>
public sealed record WalletCreation(BitcoinNetwork Network)
{
    /// <summary>The seed; not disposed of by the wallet. Null for a wallet that only watches.</summary>
    public WalletSeed? Seed { get; init; }

    /// <summary>What seals the seed at rest. Has to be said where there is a seed.</summary>
    public WalletPassphrase? Passphrase { get; init; }

    /// <summary>Accounts of the seed.</summary>
    public ImmutableArray<WalletAccountKind> Accounts { get; init; } = [WalletAccountKind.Bip84, WalletAccountKind.Bip86];

    /// <summary>BIP 44's number of these accounts.</summary>
    public uint AccountNumber { get; init; }

    /// <summary>Descriptors without secrets to watch; a multipath one (BIP 389) gives addresses and change.</summary>
    public ImmutableArray<string> Descriptors { get; init; } = [];

    /// <summary>
    /// The last block before which nothing paid the wallet: the tip for a fresh seed. Null looks through the whole chain, which a seed
    /// that was used before needs.
    /// </summary>
    public ChainTip? Birthday { get; init; }

    /// <summary>Addresses watched beyond the last one used.</summary>
    public int GapLimit { get; init; } = 20;
}
