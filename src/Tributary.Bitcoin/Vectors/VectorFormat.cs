namespace Tributary.Bitcoin.Vectors;

/// <summary>The formats of Bitcoin Core's test data that <see cref="VectorRunner"/> runs.</summary>
public enum VectorFormat
{
    /// <summary><c>script_tests.json</c>: scripts, flags and the expected script error.</summary>
    ScriptTests,

    /// <summary><c>tx_valid.json</c>: spent outputs, a valid transaction, and the flags that must be left out.</summary>
    ValidTransactions,

    /// <summary><c>tx_invalid.json</c>: spent outputs, an invalid transaction, and the flags that make it so ("BADTX" for none).</summary>
    InvalidTransactions,

    /// <summary><c>sighash.json</c>: a transaction, a script code, an input, a hash type and the legacy hash.</summary>
    SignatureHashes,
}
