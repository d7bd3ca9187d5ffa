namespace Tributary.Crypto;

/// <summary>Which version bytes an extended key's text has (BIP 32).</summary>
public enum ExtendedKeyNetwork
{
    /// <summary>xprv and xpub: real money.</summary>
    Mainnet,

    /// <summary>tprv and tpub: testnet, signet and regtest alike.</summary>
    Testnet,
}
