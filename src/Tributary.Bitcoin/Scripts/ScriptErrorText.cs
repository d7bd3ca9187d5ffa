using System.Collections.Frozen;

namespace Tributary.Bitcoin.Scripts;

/// <summary>
/// Bitcoin Core's words for script errors: the names of its test data ("EVAL_FALSE") and the sentences that its RPC puts into a reject
/// reason, so that both can be compared with ours.
/// </summary>
public static class ScriptErrorText
{
    private static readonly FrozenDictionary<ScriptError, (string Name, string Message)> s_texts = new Dictionary<ScriptError, (string Name, string Message)>
    {
        [ScriptError.Ok] = ("OK", "No error"),
        [ScriptError.ScriptNum] = ("SCRIPTNUM", "Script number overflowed or is non-minimally encoded"),
        [ScriptError.EvalFalse] = ("EVAL_FALSE", "Script evaluated without error but finished with a false/empty top stack element"),
        [ScriptError.OpReturn] = ("OP_RETURN", "OP_RETURN was encountered"),
        [ScriptError.ScriptSize] = ("SCRIPT_SIZE", "Script is too big"),
        [ScriptError.PushSize] = ("PUSH_SIZE", "Push value size limit exceeded"),
        [ScriptError.OpCount] = ("OP_COUNT", "Operation limit exceeded"),
        [ScriptError.StackSize] = ("STACK_SIZE", "Stack size limit exceeded"),
        [ScriptError.SigCount] = ("SIG_COUNT", "Signature count negative or greater than pubkey count"),
        [ScriptError.PubKeyCount] = ("PUBKEY_COUNT", "Pubkey count negative or limit exceeded"),
        [ScriptError.Verify] = ("VERIFY", "Script failed an OP_VERIFY operation"),
        [ScriptError.EqualVerify] = ("EQUALVERIFY", "Script failed an OP_EQUALVERIFY operation"),
        [ScriptError.CheckMultiSigVerify] = ("CHECKMULTISIGVERIFY", "Script failed an OP_CHECKMULTISIGVERIFY operation"),
        [ScriptError.CheckSigVerify] = ("CHECKSIGVERIFY", "Script failed an OP_CHECKSIGVERIFY operation"),
        [ScriptError.NumEqualVerify] = ("NUMEQUALVERIFY", "Script failed an OP_NUMEQUALVERIFY operation"),
        [ScriptError.BadOpcode] = ("BAD_OPCODE", "Opcode missing or not understood"),
        [ScriptError.DisabledOpcode] = ("DISABLED_OPCODE", "Attempted to use a disabled opcode"),
        [ScriptError.InvalidStackOperation] = ("INVALID_STACK_OPERATION", "Operation not valid with the current stack size"),
        [ScriptError.InvalidAltStackOperation] = ("INVALID_ALTSTACK_OPERATION", "Operation not valid with the current altstack size"),
        [ScriptError.UnbalancedConditional] = ("UNBALANCED_CONDITIONAL", "Invalid OP_IF construction"),
        [ScriptError.NegativeLockTime] = ("NEGATIVE_LOCKTIME", "Negative locktime"),
        [ScriptError.UnsatisfiedLockTime] = ("UNSATISFIED_LOCKTIME", "Locktime requirement not satisfied"),
        [ScriptError.SigHashType] = ("SIG_HASHTYPE", "Signature hash type missing or not understood"),
        [ScriptError.SigDer] = ("SIG_DER", "Non-canonical DER signature"),
        [ScriptError.MinimalData] = ("MINIMALDATA", "Data push larger than necessary"),
        [ScriptError.SigPushOnly] = ("SIG_PUSHONLY", "Only push operators allowed in signatures"),
        [ScriptError.SigHighS] = ("SIG_HIGH_S", "Non-canonical signature: S value is unnecessarily high"),
        [ScriptError.SigNullDummy] = ("SIG_NULLDUMMY", "Dummy CHECKMULTISIG argument must be zero"),
        [ScriptError.PubKeyType] = ("PUBKEYTYPE", "Public key is neither compressed or uncompressed"),
        [ScriptError.CleanStack] = ("CLEANSTACK", "Stack size must be exactly one after execution"),
        [ScriptError.MinimalIf] = ("MINIMALIF", "OP_IF/NOTIF argument must be minimal"),
        [ScriptError.NullFail] = ("NULLFAIL", "Signature must be zero for failed CHECK(MULTI)SIG operation"),
        [ScriptError.DiscourageUpgradableNops] = ("DISCOURAGE_UPGRADABLE_NOPS", "NOPx reserved for soft-fork upgrades"),
        [ScriptError.DiscourageUpgradableWitnessProgram] = ("DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM", "Witness version reserved for soft-fork upgrades"),
        [ScriptError.DiscourageUpgradableTaprootVersion] = ("DISCOURAGE_UPGRADABLE_TAPROOT_VERSION", "Taproot version reserved for soft-fork upgrades"),
        [ScriptError.DiscourageOpSuccess] = ("DISCOURAGE_OP_SUCCESS", "OP_SUCCESSx reserved for soft-fork upgrades"),
        [ScriptError.DiscourageUpgradablePubKeyType] = ("DISCOURAGE_UPGRADABLE_PUBKEYTYPE", "Public key version reserved for soft-fork upgrades"),
        [ScriptError.WitnessProgramWrongLength] = ("WITNESS_PROGRAM_WRONG_LENGTH", "Witness program has incorrect length"),
        [ScriptError.WitnessProgramWitnessEmpty] = ("WITNESS_PROGRAM_WITNESS_EMPTY", "Witness program was passed an empty witness"),
        [ScriptError.WitnessProgramMismatch] = ("WITNESS_PROGRAM_MISMATCH", "Witness program hash mismatch"),
        [ScriptError.WitnessMalleated] = ("WITNESS_MALLEATED", "Witness requires empty scriptSig"),
        [ScriptError.WitnessMalleatedP2sh] = ("WITNESS_MALLEATED_P2SH", "Witness requires only-redeemscript scriptSig"),
        [ScriptError.WitnessUnexpected] = ("WITNESS_UNEXPECTED", "Witness provided for non-witness script"),
        [ScriptError.WitnessPubKeyType] = ("WITNESS_PUBKEYTYPE", "Using non-compressed keys in segwit"),
        [ScriptError.SchnorrSigSize] = ("SCHNORR_SIG_SIZE", "Invalid Schnorr signature size"),
        [ScriptError.SchnorrSigHashType] = ("SCHNORR_SIG_HASHTYPE", "Invalid Schnorr signature hash type"),
        [ScriptError.SchnorrSig] = ("SCHNORR_SIG", "Invalid Schnorr signature"),
        [ScriptError.TaprootWrongControlSize] = ("TAPROOT_WRONG_CONTROL_SIZE", "Invalid Taproot control block size"),
        [ScriptError.TapscriptValidationWeight] = ("TAPSCRIPT_VALIDATION_WEIGHT", "Too much signature validation relative to witness weight"),
        [ScriptError.TapscriptCheckMultiSig] = ("TAPSCRIPT_CHECKMULTISIG", "OP_CHECKMULTISIG(VERIFY) is not available in tapscript"),
        [ScriptError.TapscriptMinimalIf] = ("TAPSCRIPT_MINIMALIF", "OP_IF/NOTIF argument must be minimal in tapscript"),
        [ScriptError.OpCodeSeparator] = ("OP_CODESEPARATOR", "Using OP_CODESEPARATOR in non-witness script"),
        [ScriptError.SigFindAndDelete] = ("SIG_FINDANDDELETE", "Signature is found in scriptCode"),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, ScriptError> s_byName =
        s_texts.ToFrozenDictionary(static pair => pair.Value.Name, static pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The name in Bitcoin Core's test data: "EVAL_FALSE".</summary>
    public static string GetName(this ScriptError error) => s_texts[error].Name;

    /// <summary>The sentence in Bitcoin Core's reject reasons: "Operation not valid with the current stack size".</summary>
    public static string GetMessage(this ScriptError error) => s_texts[error].Message;

    /// <summary>The error of a name. UNKNOWN_ERROR, which older data has where a number is malformed, is <see cref="ScriptError.ScriptNum"/>.</summary>
    public static bool TryParse(string name, out ScriptError error)
    {
        if (s_byName.TryGetValue(name, out error))
            return true;
        error = ScriptError.ScriptNum;
        return name is "UNKNOWN_ERROR";
    }
}
