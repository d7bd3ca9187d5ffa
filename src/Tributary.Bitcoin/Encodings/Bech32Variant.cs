namespace Tributary.Bitcoin.Encodings;

/// <summary>The two checksums over the same alphabet.</summary>
public enum Bech32Variant
{
    /// <summary>BIP 173: segwit version 0 addresses, BOLT 11 invoices.</summary>
    Bech32,

    /// <summary>BIP 350: segwit version 1 and later.</summary>
    Bech32m,
}
