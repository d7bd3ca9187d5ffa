namespace Tributary.Crypto;

/// <summary>How reading base58check text went.</summary>
internal enum Base58CheckOutcome
{
    Ok,
    NotBase58,
    WrongLength,
    WrongChecksum,
}
