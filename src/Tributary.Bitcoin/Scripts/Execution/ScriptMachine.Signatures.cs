namespace Tributary.Bitcoin.Scripts.Execution;

/// <content>OP_CHECKSIG and its kin.</content>
internal ref partial struct ScriptMachine
{
    private ScriptError CheckSignatures(Opcode opcode) => opcode switch
    {
        Opcode.CheckSig or Opcode.CheckSigVerify => CheckSig(mustHold: opcode == Opcode.CheckSigVerify),
        Opcode.CheckSigAdd => CheckSigAdd(),
        _ => CheckMultiSig(mustHold: opcode == Opcode.CheckMultiSigVerify),
    };

    // signature key → result
    private ScriptError CheckSig(bool mustHold)
    {
        if (Stack.Count < 2)
            return ScriptError.InvalidStackOperation;
        var error = CheckOne(Stack.Top(2), Stack.Top(1), out var isValid);
        if (error != ScriptError.Ok)
            return error;
        Stack.Pop(2);
        return Conclude(isValid, mustHold, ScriptError.CheckSigVerify);
    }

    // signature number key → number, or number + 1 (BIP 342)
    private ScriptError CheckSigAdd()
    {
        if (_version != SignatureVersion.Tapscript)
            return ScriptError.BadOpcode;
        if (Stack.Count < 3)
            return ScriptError.InvalidStackOperation;
        if (!TryGetNumber(2, out var number))
            return ScriptError.ScriptNum;
        var error = CheckOne(Stack.Top(3), Stack.Top(1), out var isValid);
        if (error != ScriptError.Ok)
            return error;
        Stack.Pop(3);
        PushNumber(number + (isValid ? 1 : 0));
        return ScriptError.Ok;
    }

    private ScriptError CheckOne(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key, out bool isValid) =>
        _version == SignatureVersion.Tapscript
            ? CheckInTapscript(signature, key, out isValid)
            : CheckEcdsa(signature, key, out isValid);

    /// <summary>
    /// BIP 342: an empty signature is no signature, any other must be valid and takes from the budget; keys of other lengths than 32 have
    /// no meaning yet and pass.
    /// </summary>
    private ScriptError CheckInTapscript(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key, out bool isValid)
    {
        isValid = !signature.IsEmpty;
        if (isValid)
        {
            Tapscript.ValidationWeightLeft -= TapscriptState.WeightPerSignature;
            if (Tapscript.ValidationWeightLeft < 0)
                return ScriptError.TapscriptValidationWeight;
        }

        return key.Length switch
        {
            0 => ScriptError.PubKeyType,
            32 => isValid ? _context.CheckSchnorr(signature, key, in Tapscript) : ScriptError.Ok,
            _ => Has(ScriptFlags.DiscourageUpgradablePubKeyType) ? ScriptError.DiscourageUpgradablePubKeyType : ScriptError.Ok,
        };
    }

    private readonly ScriptError CheckEcdsa(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key, out bool isValid)
    {
        isValid = false;
        var scriptCode = _script.Span[_scriptCodeStart..];
        if (_version == SignatureVersion.Legacy)
        {
            var error = DeleteSignature(ref scriptCode, signature);
            if (error != ScriptError.Ok)
                return error;
        }

        var encoding = CheckEncoding(signature, key);
        if (encoding != ScriptError.Ok)
            return encoding;

        isValid = _context.CheckEcdsa(signature, key, scriptCode, _version);
        return !isValid && Has(ScriptFlags.NullFail) && !signature.IsEmpty ? ScriptError.NullFail : ScriptError.Ok;
    }

    private readonly ScriptError CheckEncoding(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key)
    {
        var error = SignatureEncoding.CheckSignature(signature, _flags);
        return error != ScriptError.Ok ? error : SignatureEncoding.CheckPublicKey(key, _flags, _version);
    }

    // A signature can't sign itself, so legacy script takes it out of its script code.
    private readonly ScriptError DeleteSignature(ref ReadOnlySpan<byte> scriptCode, ReadOnlySpan<byte> signature)
    {
        if (!ScriptCode.TryDeletePushes(scriptCode, signature, out var shorter))
            return ScriptError.Ok;
        if (Has(ScriptFlags.ConstScriptCode))
            return ScriptError.SigFindAndDelete;
        scriptCode = shorter;
        return ScriptError.Ok;
    }
}
