namespace Tributary.Bitcoin.Scripts;

/// <summary>The standard forms of output scripts, and what is none of them.</summary>
public enum ScriptType
{
    /// <summary>None of the others.</summary>
    NonStandard,

    /// <summary>A key and OP_CHECKSIG. Solution: the key, 33 or 65 bytes.</summary>
    PubKey,

    /// <summary>P2PKH. Solution: the hash of the key, 20 bytes.</summary>
    PubKeyHash,

    /// <summary>P2SH (BIP 16). Solution: the hash of the redeem script, 20 bytes.</summary>
    ScriptHash,

    /// <summary>k of n keys, n at most 20, bare. Solutions: k as one byte, the keys, n as one byte.</summary>
    Multisig,

    /// <summary>OP_RETURN and pushes. No solutions.</summary>
    NullData,

    /// <summary>P2WPKH (BIP 141). Solution: the hash of the key, 20 bytes.</summary>
    WitnessV0KeyHash,

    /// <summary>P2WSH (BIP 141). Solution: SHA-256 of the witness script, 32 bytes.</summary>
    WitnessV0ScriptHash,

    /// <summary>P2TR (BIP 341). Solution: the output key's x, 32 bytes.</summary>
    WitnessV1Taproot,

    /// <summary>Pay to anchor: anyone spends it, with an empty witness. No solutions.</summary>
    Anchor,

    /// <summary>A witness program without meaning yet. Solutions: the version as one byte, the program.</summary>
    WitnessUnknown,
}
