using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Psbt;

/// <summary>What a signer accepts.</summary>
public sealed record PsbtSigningOptions
{
    /// <summary>Signs all of the transaction and nothing less.</summary>
    public static PsbtSigningOptions Default { get; } = new();

    /// <summary>
    /// Hash types that a PSBT may ask for. Anything but SIGHASH_ALL and taproot's SIGHASH_DEFAULT lets others change the transaction after it is signed.
    /// </summary>
    public IReadOnlyCollection<uint> SighashTypes { get; init; } = [SighashType.Default, SighashType.All];

    /// <summary>
    /// Refuse segwit version 0 inputs without the whole previous transaction. Their signatures cover their own amount alone, so that a
    /// lying updater who has two signed can make one pay a huge fee; taproot signatures cover all amounts (BIP 341).
    /// </summary>
    public bool RequirePreviousTransactions { get; init; }
}
