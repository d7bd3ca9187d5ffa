namespace Tributary.Bitcoin.Scripts;

/// <summary>
/// The rules that a verification applies, one flag per rule as in Bitcoin Core. Every flag only ever forbids: what passes with a flag
/// passes without it. <see cref="CleanStack"/> needs <see cref="Witness"/>, which needs <see cref="P2sh"/>.
/// </summary>
[Flags]
public enum ScriptFlags
{
    /// <summary>The rules of 2009.</summary>
    None = 0,

    /// <summary>Evaluate redeem scripts (BIP 16).</summary>
    P2sh = 1 << 0,

    /// <summary>Signatures are strict DER with a defined hash type; keys are compressed or uncompressed.</summary>
    StrictEnc = 1 << 1,

    /// <summary>Signatures are strict DER (BIP 66).</summary>
    DerSig = 1 << 2,

    /// <summary>S is in the lower half of the group order (BIP 146).</summary>
    LowS = 1 << 3,

    /// <summary>The extra element that OP_CHECKMULTISIG consumes is empty (BIP 147).</summary>
    NullDummy = 1 << 4,

    /// <summary>The scriptSig only pushes (BIP 62 rule 2).</summary>
    SigPushOnly = 1 << 5,

    /// <summary>Pushes and numbers are in their shortest form (BIP 62 rules 3 and 4).</summary>
    MinimalData = 1 << 6,

    /// <summary>An executed OP_NOP1, OP_NOP4 … OP_NOP10 fails.</summary>
    DiscourageUpgradableNops = 1 << 7,

    /// <summary>Exactly one element is left at the end (BIP 62 rule 6).</summary>
    CleanStack = 1 << 8,

    /// <summary>BIP 65.</summary>
    CheckLockTimeVerify = 1 << 9,

    /// <summary>BIP 112.</summary>
    CheckSequenceVerify = 1 << 10,

    /// <summary>Segregated witness (BIP 141, BIP 143).</summary>
    Witness = 1 << 11,

    /// <summary>Witness programs of versions without meaning fail.</summary>
    DiscourageUpgradableWitnessProgram = 1 << 12,

    /// <summary>In segwit v0 the condition of OP_IF and OP_NOTIF is empty or exactly 1.</summary>
    MinimalIf = 1 << 13,

    /// <summary>A signature that fails is empty (BIP 146).</summary>
    NullFail = 1 << 14,

    /// <summary>Keys in segwit v0 are compressed.</summary>
    WitnessPubKeyType = 1 << 15,

    /// <summary>OP_CODESEPARATOR and a signature within its own script code fail in legacy scripts.</summary>
    ConstScriptCode = 1 << 16,

    /// <summary>Taproot and tapscript (BIP 341, BIP 342).</summary>
    Taproot = 1 << 17,

    /// <summary>Leaf versions without meaning fail.</summary>
    DiscourageUpgradableTaprootVersion = 1 << 18,

    /// <summary>OP_SUCCESSx fails.</summary>
    DiscourageOpSuccess = 1 << 19,

    /// <summary>Key types without meaning fail in tapscript.</summary>
    DiscourageUpgradablePubKeyType = 1 << 20,

    /// <summary>
    /// What every block must satisfy today. (Mainnet holds two blocks from before the rules that Bitcoin Core excepts by hash.)
    /// </summary>
    Consensus = P2sh | DerSig | NullDummy | CheckLockTimeVerify | CheckSequenceVerify | Witness | Taproot,

    /// <summary>What a transaction must satisfy to be relayed.</summary>
    Standard = Consensus | StrictEnc | LowS | MinimalData | DiscourageUpgradableNops | CleanStack
        | DiscourageUpgradableWitnessProgram | MinimalIf | NullFail | WitnessPubKeyType | ConstScriptCode
        | DiscourageUpgradableTaprootVersion | DiscourageOpSuccess | DiscourageUpgradablePubKeyType,

    /// <summary>Every flag there is.</summary>
    All = (1 << 21) - 1,
}
