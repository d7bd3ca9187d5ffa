namespace Tributary.Bitcoin.Wallets;

/// <summary>What addresses an account has.</summary>
public enum WalletAccountKind
{
    /// <summary>P2WPKH from a seed (BIP 84).</summary>
    Bip84 = 84,

    /// <summary>P2TR key path from a seed (BIP 86).</summary>
    Bip86 = 86,

    /// <summary>What a descriptor says; watched, and spent by PSBT.</summary>
    Descriptor = 0,
}
