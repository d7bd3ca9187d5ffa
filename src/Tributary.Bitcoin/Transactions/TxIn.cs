using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Transactions;

/// <summary>A transaction input.</summary>
/// <param name="PreviousOutput">The output it spends.</param>
/// <param name="ScriptSig">The unlocking script; empty for native segwit.</param>
/// <param name="Sequence">BIP 68 relative lock and BIP 125 signal; <see cref="Final"/> turns both off.</param>
/// <param name="Witness">The witness stack.</param>
public readonly record struct TxIn(OutPoint PreviousOutput, Script ScriptSig, uint Sequence, Witness Witness)
{
    /// <summary>No relative lock, no lock time, no replacement signal.</summary>
    public const uint Final = 0xffff_ffff;

    /// <summary>The largest sequence that signals replaceability (BIP 125) and leaves lock time in force.</summary>
    public const uint Replaceable = 0xffff_fffd;

    /// <summary>An unsigned input.</summary>
    public TxIn(OutPoint previousOutput, uint sequence = Replaceable)
        : this(previousOutput, Script.Empty, sequence, Witness.Empty)
    {
    }
}
