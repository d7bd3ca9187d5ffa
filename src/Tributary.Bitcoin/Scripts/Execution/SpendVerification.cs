using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>
/// Decides one spend: which scripts run in which order (scriptSig, output script, redeem script, witness program) and what must hold
/// between and after them. One owner, which disposes it.
/// </summary>
internal ref struct SpendVerification(SpendContext context, ScriptFlags flags)
{
    private readonly SpendContext _context = context;
    private readonly ScriptFlags _flags = flags;
    private ScriptMachine _machine = new(context, flags);

    public void Dispose() => _machine.Dispose();

    /// <summary>Runs everything that a spend calls for.</summary>
    internal ScriptError Verify(Script scriptSig, Script scriptPubKey, Witness witness)
    {
        if (Has(ScriptFlags.SigPushOnly) && !scriptSig.IsPushOnly)
            return ScriptError.SigPushOnly;

        // On one stack but not as one script (CVE-2010-5141).
        var error = _machine.Run(scriptSig.Memory, SignatureVersion.Legacy);
        if (error != ScriptError.Ok)
            return error;

        var isScriptHash = Has(ScriptFlags.P2sh) && scriptPubKey.IsPayToScriptHash;
        var redeemStack = default(ScriptStack);
        try
        {
            if (isScriptHash)
                redeemStack.CopyFrom(in _machine.Stack);
            error = RunToTrue(scriptPubKey.Memory);
            if (error != ScriptError.Ok)
                return error;

            var usesWitness = false;
            var cleanStack = _machine.Stack.Count == 1;
            if (Has(ScriptFlags.Witness) && scriptPubKey.IsWitnessProgram(out var version, out var program))
            {
                // Exactly empty, or anyone could change the transaction id.
                (usesWitness, cleanStack) = (true, true);
                error = scriptSig.IsEmpty ? RunWitnessProgram(witness, version, program, isNested: false) : ScriptError.WitnessMalleated;
            }
            else if (isScriptHash)
            {
                error = scriptSig.IsPushOnly
                    ? RunRedeemScript(ref redeemStack, scriptSig, witness, out usesWitness, out cleanStack)
                    : ScriptError.SigPushOnly;
            }

            if (error != ScriptError.Ok)
                return error;
            if (Has(ScriptFlags.CleanStack) && !cleanStack)
                return ScriptError.CleanStack;
            return Has(ScriptFlags.Witness) && !usesWitness && !witness.IsEmpty ? ScriptError.WitnessUnexpected : ScriptError.Ok;
        }
        finally
        {
            redeemStack.Dispose();
        }
    }

    private readonly bool Has(ScriptFlags flag) => (_flags & flag) != ScriptFlags.None;

    private ScriptError RunToTrue(ReadOnlyMemory<byte> script)
    {
        var error = _machine.Run(script, SignatureVersion.Legacy);
        if (error != ScriptError.Ok)
            return error;
        return _machine.Stack.Count > 0 && ScriptNumber.IsTrue(_machine.Stack.Top()) ? ScriptError.Ok : ScriptError.EvalFalse;
    }

    // BIP 16: the last push of the scriptSig is the script, the others are its arguments.
    private ScriptError RunRedeemScript(ref ScriptStack stack, Script scriptSig, Witness witness, out bool usesWitness, out bool cleanStack)
    {
        _machine.Stack.CopyFrom(in stack);
        var redeemScript = new Script(_machine.Stack.Peek());
        _machine.Stack.Pop();

        usesWitness = false;
        var error = RunToTrue(redeemScript.Memory);
        cleanStack = _machine.Stack.Count == 1;
        if (error != ScriptError.Ok || !Has(ScriptFlags.Witness) || !redeemScript.IsWitnessProgram(out var version, out var program))
            return error;

        (usesWitness, cleanStack) = (true, true);
        return IsPushOf(scriptSig.Span, redeemScript.Span)
            ? RunWitnessProgram(witness, version, program, isNested: true)
            : ScriptError.WitnessMalleatedP2sh;
    }

    // A witness program is 4 to 42 bytes, so its push is one length byte.
    private static bool IsPushOf(ReadOnlySpan<byte> scriptSig, ReadOnlySpan<byte> data) =>
        scriptSig.Length == data.Length + 1 && scriptSig[0] == data.Length && scriptSig[1..].SequenceEqual(data);

    private ScriptError RunWitnessProgram(Witness witness, int version, ReadOnlyMemory<byte> program, bool isNested)
    {
        if (version == 0)
            return RunWitnessV0(witness, program);
        if (version == 1 && program.Length == 32 && !isNested)
            return Has(ScriptFlags.Taproot) ? RunTaproot(witness, program.Span) : ScriptError.Ok;

        var isAnchor = version == 1 && !isNested && program.Span is [0x4e, 0x73];
        return !isAnchor && Has(ScriptFlags.DiscourageUpgradableWitnessProgram) ? ScriptError.DiscourageUpgradableWitnessProgram : ScriptError.Ok;
    }

    private ScriptError RunWitnessV0(Witness witness, ReadOnlyMemory<byte> program)
    {
        TakeWitness(witness);
        switch (program.Length)
        {
            case 20 when _machine.Stack.Count != 2:
                return ScriptError.WitnessProgramMismatch;
            case 20:
                return RunWitnessScript(KeyHashScript(program.Span), SignatureVersion.WitnessV0);
            case 32 when _machine.Stack.Count == 0:
                return ScriptError.WitnessProgramWitnessEmpty;
            case 32:
                var script = _machine.Stack.Peek();
                _machine.Stack.Pop();
                Span<byte> hash = stackalloc byte[32];
                Hashes.Sha256(script.Span, hash);
                return hash.SequenceEqual(program.Span) ? RunWitnessScript(script, SignatureVersion.WitnessV0) : ScriptError.WitnessProgramMismatch;
            default:
                return ScriptError.WitnessProgramWrongLength;
        }
    }

    // BIP 143: a key hash runs as the P2PKH script of that hash.
    private ReadOnlyMemory<byte> KeyHashScript(ReadOnlySpan<byte> hash20)
    {
        var memory = _machine.Scratch.Take(25);
        var script = memory.Span;
        script[0] = (byte)Opcode.Dup;
        script[1] = (byte)Opcode.Hash160;
        script[2] = 20;
        hash20.CopyTo(script[3..]);
        script[23] = (byte)Opcode.EqualVerify;
        script[24] = (byte)Opcode.CheckSig;
        return memory;
    }

    private ScriptError RunTaproot(Witness witness, ReadOnlySpan<byte> outputKey)
    {
        TakeWitness(witness);
        ref var stack = ref _machine.Stack;
        if (stack.Count == 0)
            return ScriptError.WitnessProgramWitnessEmpty;

        _machine.Tapscript = new TapscriptState { CodeSeparatorPosition = SignatureHash.NoCodeSeparator };
        if (stack.Count >= 2 && stack.Top() is [TaprootCommitment.AnnexTag, ..])
        {
            _machine.Tapscript.Annex = stack.Peek();
            stack.Pop();
        }

        if (stack.Count == 1)
            return _context.CheckSchnorr(stack.Top(), outputKey, in _machine.Tapscript);

        var control = stack.Top(1);
        var script = stack.Peek(2);
        stack.Pop(2);
        if (!TaprootCommitment.HasValidLength(control))
            return ScriptError.TaprootWrongControlSize;

        var leafVersion = (byte)(control[0] & TaprootCommitment.LeafVersionMask);
        var leafHash = TaprootCommitment.LeafHash(leafVersion, script.Span);
        if (!TaprootCommitment.Holds(control, outputKey, leafHash))
            return ScriptError.WitnessProgramMismatch;

        if (leafVersion != TaprootCommitment.TapscriptLeafVersion)
            return Has(ScriptFlags.DiscourageUpgradableTaprootVersion) ? ScriptError.DiscourageUpgradableTaprootVersion : ScriptError.Ok;

        _machine.Tapscript.LeafHash = leafHash;
        _machine.Tapscript.ValidationWeightLeft = witness.SerializedSize + TapscriptState.WeightOffset;
        return RunWitnessScript(script, SignatureVersion.Tapscript);
    }

    private void TakeWitness(Witness witness)
    {
        _machine.Stack.Clear();
        foreach (var item in witness)
            _machine.Stack.Push(item);
    }

    private ScriptError RunWitnessScript(ReadOnlyMemory<byte> script, SignatureVersion version)
    {
        if (version == SignatureVersion.Tapscript)
        {
            // OP_SUCCESSx comes before every other rule, even before limits on the stack.
            var found = FindSuccess(script.Span);
            if (found is { } verdict)
                return verdict;
            if (_machine.Stack.Count > ScriptMachine.StackCountMax)
                return ScriptError.StackSize;
        }

        foreach (var item in _machine.Stack.Items)
        {
            if (item.Length > Script.ElementLengthMax)
                return ScriptError.PushSize;
        }

        var error = _machine.Run(script, version);
        if (error != ScriptError.Ok)
            return error;
        if (_machine.Stack.Count != 1)
            return ScriptError.CleanStack;
        return ScriptNumber.IsTrue(_machine.Stack.Top()) ? ScriptError.Ok : ScriptError.EvalFalse;
    }

    private readonly ScriptError? FindSuccess(ReadOnlySpan<byte> script)
    {
        var reader = new ScriptReader(script);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadNext(out var opcode, out _))
                return ScriptError.BadOpcode;
            if (opcode.IsSuccess())
                return Has(ScriptFlags.DiscourageOpSuccess) ? ScriptError.DiscourageOpSuccess : ScriptError.Ok;
        }

        return null;
    }
}
