namespace Tributary.Bitcoin.Psbt;

/// <summary>The rules that an input's signatures follow.</summary>
internal enum PsbtSpendVersion
{
    /// <summary>ECDSA over the hash of 2009, which does not cover amounts.</summary>
    Legacy,

    /// <summary>ECDSA over BIP 143's hash.</summary>
    SegwitV0,

    /// <summary>Schnorr over BIP 341's hash.</summary>
    Taproot,
}
