namespace Tributary.Bitcoin.Psbt;

/// <summary>The hash functions of script whose preimages a PSBT carries.</summary>
public enum PsbtPreimageKind
{
    /// <summary>RIPEMD-160, 20 bytes.</summary>
    Ripemd160,

    /// <summary>SHA-256, 32 bytes.</summary>
    Sha256,

    /// <summary>RIPEMD-160 of SHA-256, 20 bytes.</summary>
    Hash160,

    /// <summary>SHA-256 twice, 32 bytes.</summary>
    Hash256,
}
