namespace Tributary.Bitcoin.Addresses;

/// <summary>What locks the output that an address stands for.</summary>
public enum AddressKind
{
    /// <summary>The hash of a public key, base58.</summary>
    P2pkh,

    /// <summary>The hash of a script, base58 (BIP 16).</summary>
    P2sh,

    /// <summary>The hash of a public key, segwit version 0 (BIP 141).</summary>
    P2wpkh,

    /// <summary>The hash of a script, segwit version 0 (BIP 141).</summary>
    P2wsh,

    /// <summary>A taproot output key, segwit version 1 (BIP 341).</summary>
    P2tr,

    /// <summary>The fee anchor that anyone may spend (segwit version 1, program 4e73).</summary>
    PayToAnchor,

    /// <summary>A witness program that has no meaning yet: whoever pays it trusts a future rule.</summary>
    FutureWitness,
}
