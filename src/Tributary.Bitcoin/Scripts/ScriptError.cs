namespace Tributary.Bitcoin.Scripts;

/// <summary>
/// Why a script does not permit a spend, code for code as Bitcoin Core has them. <see cref="ScriptErrorText"/> gives Bitcoin Core's names
/// and sentences.
/// </summary>
public enum ScriptError
{
    /// <summary>No error.</summary>
    Ok,

    /// <summary>An operand is too long for a number or not in its shortest form. (Versions of Bitcoin Core before 30 say UNKNOWN_ERROR.)</summary>
    ScriptNum,
    EvalFalse,
    OpReturn,

    ScriptSize,
    PushSize,
    OpCount,
    StackSize,
    SigCount,
    PubKeyCount,

    Verify,
    EqualVerify,
    CheckMultiSigVerify,
    CheckSigVerify,
    NumEqualVerify,

    BadOpcode,
    DisabledOpcode,
    InvalidStackOperation,
    InvalidAltStackOperation,
    UnbalancedConditional,

    NegativeLockTime,
    UnsatisfiedLockTime,

    SigHashType,
    SigDer,
    MinimalData,
    SigPushOnly,
    SigHighS,
    SigNullDummy,
    PubKeyType,
    CleanStack,
    MinimalIf,
    NullFail,

    DiscourageUpgradableNops,
    DiscourageUpgradableWitnessProgram,
    DiscourageUpgradableTaprootVersion,
    DiscourageOpSuccess,
    DiscourageUpgradablePubKeyType,

    WitnessProgramWrongLength,
    WitnessProgramWitnessEmpty,
    WitnessProgramMismatch,
    WitnessMalleated,
    WitnessMalleatedP2sh,
    WitnessUnexpected,
    WitnessPubKeyType,

    SchnorrSigSize,
    SchnorrSigHashType,
    SchnorrSig,
    TaprootWrongControlSize,
    TapscriptValidationWeight,
    TapscriptCheckMultiSig,
    TapscriptMinimalIf,

    OpCodeSeparator,
    SigFindAndDelete,
}
