namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>Which rules a script runs under and which hash its signatures sign.</summary>
internal enum SignatureVersion
{
    /// <summary>Bare scripts and redeem scripts.</summary>
    Legacy,

    /// <summary>BIP 143.</summary>
    WitnessV0,

    /// <summary>BIP 342. (Taproot's key path runs no script.)</summary>
    Tapscript,
}
