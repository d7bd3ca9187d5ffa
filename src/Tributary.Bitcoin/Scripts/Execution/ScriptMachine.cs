namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>
/// Runs one script after another on one stack, as consensus has them run: every operation in the order, with the checks and the first
/// error, of Bitcoin Core. The operations stand in the other parts of this type, one file per kind.
/// Allocates nothing for common scripts. One owner, which disposes it; elements on the stack are valid until then.
/// </summary>
internal ref partial struct ScriptMachine(SpendContext context, ScriptFlags flags)
{
    /// <summary>The most elements on both stacks together.</summary>
    internal const int StackCountMax = 1000;

    private const int OperationsMax = 201;

    /// <summary>The stack; scripts of one spend share it.</summary>
    internal ScriptStack Stack;

    /// <summary>Memory for what scripts compute.</summary>
    internal ScratchBytes Scratch;

    /// <summary>What taproot adds; set before a tapscript runs.</summary>
    internal TapscriptState Tapscript;

    private readonly SpendContext _context = context;
    private readonly ScriptFlags _flags = flags;
    private ScriptStack _altStack;
    private ConditionStack _conditions;
    private SignatureVersion _version;
    private ReadOnlyMemory<byte> _script;
    private int _scriptCodeStart;
    private int _operations;

    private readonly bool RequiresMinimalData => Has(ScriptFlags.MinimalData);

    public void Dispose()
    {
        Stack.Dispose();
        _altStack.Dispose();
        Scratch.Dispose();
    }

    /// <summary>Runs a script on what the stack holds. What the elements at the end mean is the caller's to say.</summary>
    internal ScriptError Run(ReadOnlyMemory<byte> script, SignatureVersion version)
    {
        if (version != SignatureVersion.Tapscript && script.Length > Script.LengthMax)
            return ScriptError.ScriptSize;

        _script = script;
        _version = version;
        _conditions = default;
        _altStack.Clear();
        _scriptCodeStart = 0;
        _operations = 0;
        Tapscript.CodeSeparatorPosition = SignatureHash.NoCodeSeparator;

        var reader = new ScriptReader(script.Span);
        for (uint position = 0; !reader.IsAtEnd; position++)
        {
            if (!reader.TryReadNext(out var opcode, out var push))
                return ScriptError.BadOpcode;

            var error = Step(opcode, push, reader.Position, position);
            if (error != ScriptError.Ok)
                return error;
            if (Stack.Count + _altStack.Count > StackCountMax)
                return ScriptError.StackSize;
        }

        return _conditions.IsEmpty ? ScriptError.Ok : ScriptError.UnbalancedConditional;
    }

    /// <param name="opcode">The operation.</param>
    /// <param name="push">What it pushes.</param>
    /// <param name="end">Where it ends in the script.</param>
    /// <param name="position">Its place, counted in operations (BIP 342).</param>
    private ScriptError Step(Opcode opcode, ReadOnlySpan<byte> push, int end, uint position)
    {
        if (push.Length > Script.ElementLengthMax)
            return ScriptError.PushSize;

        // OP_RESERVED does not count; tapscript has the validation weight instead.
        if (_version != SignatureVersion.Tapscript && opcode > Opcode.Op16 && ++_operations > OperationsMax)
            return ScriptError.OpCount;

        // These two fail in branches that are not taken, too.
        if (IsDisabled(opcode))
            return ScriptError.DisabledOpcode;
        if (opcode == Opcode.CodeSeparator && _version == SignatureVersion.Legacy && Has(ScriptFlags.ConstScriptCode))
            return ScriptError.OpCodeSeparator;

        if (!_conditions.AllTrue)
            return opcode is >= Opcode.If and <= Opcode.EndIf ? Branch(opcode) : ScriptError.Ok;
        if (opcode > Opcode.PushData4)
            return Execute(opcode, end, position);
        if (RequiresMinimalData && !ScriptPatterns.IsMinimalPush(push, opcode))
            return ScriptError.MinimalData;
        Stack.Push(_script.Slice(end - push.Length, push.Length));
        return ScriptError.Ok;
    }

    private ScriptError Execute(Opcode opcode, int end, uint position)
    {
        switch (opcode)
        {
            case Opcode.Op1Negate:
            case >= Opcode.Op1 and <= Opcode.Op16:
                PushNumber((int)opcode - (int)Opcode.Op1 + 1);
                return ScriptError.Ok;
            case Opcode.CodeSeparator:
                _scriptCodeStart = end;
                Tapscript.CodeSeparatorPosition = position;
                return ScriptError.Ok;
            case >= Opcode.If and <= Opcode.EndIf:
                return Branch(opcode);
            case Opcode.Nop or Opcode.Verify or Opcode.Return or (>= Opcode.Nop1 and <= Opcode.Nop10):
                return Control(opcode);
            case >= Opcode.ToAltStack and <= Opcode.Tuck or Opcode.Size:
                return MoveElements(opcode);
            case Opcode.Equal or Opcode.EqualVerify:
                return CompareElements(opcode);
            case >= Opcode.Add1 and <= Opcode.Within:
                return Calculate(opcode);
            case >= Opcode.Ripemd160 and <= Opcode.Hash256:
                return HashTop(opcode);
            case (>= Opcode.CheckSig and <= Opcode.CheckMultiSigVerify) or Opcode.CheckSigAdd:
                return CheckSignatures(opcode);
            default:
                return ScriptError.BadOpcode;
        }
    }

    // CVE-2010-5137.
    private static bool IsDisabled(Opcode opcode) => opcode is
        (>= Opcode.Cat and <= Opcode.Right) or (>= Opcode.Invert and <= Opcode.Xor) or Opcode.Mul2 or Opcode.Div2
        or (>= Opcode.Mul and <= Opcode.RShift);

    private readonly bool Has(ScriptFlags flag) => (_flags & flag) != ScriptFlags.None;

    private void PushNumber(long value)
    {
        Span<byte> bytes = stackalloc byte[ScriptNumber.WriteLengthMax];
        Push(bytes[..ScriptNumber.Write(value, bytes)]);
    }

    private void Push(scoped ReadOnlySpan<byte> bytes)
    {
        var memory = Scratch.Take(bytes.Length);
        bytes.CopyTo(memory.Span);
        Stack.Push(memory);
    }

    private readonly bool TryGetNumber(int depth, out long value, int lengthMax = ScriptNumber.OperandLengthMax) =>
        ScriptNumber.TryRead(Stack.Top(depth), RequiresMinimalData, lengthMax, out value);

    /// <summary>Ends an operation that has a VERIFY form: the result is pushed, or must be true.</summary>
    private ScriptError Conclude(bool result, bool mustHold, ScriptError otherwise)
    {
        if (!mustHold)
        {
            Stack.Push(result);
            return ScriptError.Ok;
        }

        return result ? ScriptError.Ok : otherwise;
    }
}
