namespace Tributary.Bitcoin.Scripts;

/// <summary>
/// Which parts of a transaction a signature covers: the byte after a signature. Legacy and segwit v0 look at single bits of any value, so
/// the functions of <see cref="SignatureHash"/> take plain numbers.
/// </summary>
public static class SighashType
{
    /// <summary>Taproot only: a signature of 64 bytes, which covers what <see cref="All"/> covers.</summary>
    public const byte Default = 0;

    /// <summary>All outputs.</summary>
    public const byte All = 1;

    /// <summary>No output.</summary>
    public const byte None = 2;

    /// <summary>The output at the input's own place.</summary>
    public const byte Single = 3;

    /// <summary>Added to the others: no other input.</summary>
    public const byte AnyoneCanPay = 0x80;

    /// <summary>Legacy and segwit v0 read the kind of outputs from these bits.</summary>
    internal const int OutputMask = 0x1f;

    /// <summary>True for the values that BIP 341 defines.</summary>
    public static bool IsValidForTaproot(byte hashType) => hashType is <= Single or (>= (AnyoneCanPay | All) and <= (AnyoneCanPay | Single));
}
