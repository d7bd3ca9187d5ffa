namespace Tributary.Bitcoin.Scripts.Execution;

/// <content>Branches, lock times and what ends a script.</content>
internal ref partial struct ScriptMachine
{
    private ScriptError Branch(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.If or Opcode.NotIf:
                return EnterBranch(opcode);
            case Opcode.Else when !_conditions.IsEmpty:
                _conditions.Toggle();
                return ScriptError.Ok;
            case Opcode.EndIf when !_conditions.IsEmpty:
                _conditions.Pop();
                return ScriptError.Ok;
            case Opcode.Else or Opcode.EndIf:
                return ScriptError.UnbalancedConditional;
            default:
                // OP_VERIF and OP_VERNOTIF fail even in a branch that is not taken.
                return ScriptError.BadOpcode;
        }
    }

    private ScriptError EnterBranch(Opcode opcode)
    {
        if (!_conditions.AllTrue)
        {
            _conditions.Push(value: false);
            return ScriptError.Ok;
        }

        if (Stack.Count < 1)
            return ScriptError.UnbalancedConditional;

        // A rule of consensus in tapscript, of policy in segwit v0.
        var condition = Stack.Top();
        if (condition is not ([] or [1]))
        {
            if (_version == SignatureVersion.Tapscript)
                return ScriptError.TapscriptMinimalIf;
            if (_version == SignatureVersion.WitnessV0 && Has(ScriptFlags.MinimalIf))
                return ScriptError.MinimalIf;
        }

        _conditions.Push(ScriptNumber.IsTrue(condition) == (opcode == Opcode.If));
        Stack.Pop();
        return ScriptError.Ok;
    }

    private ScriptError Control(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.Nop:
                return ScriptError.Ok;
            case Opcode.Return:
                return ScriptError.OpReturn;
            case Opcode.Verify when Stack.Count < 1:
                return ScriptError.InvalidStackOperation;
            case Opcode.Verify when !ScriptNumber.IsTrue(Stack.Top()):
                return ScriptError.Verify;
            case Opcode.Verify:
                Stack.Pop();
                return ScriptError.Ok;
            case Opcode.CheckLockTimeVerify:
                return Has(ScriptFlags.CheckLockTimeVerify) ? CheckLockTime(opcode) : ScriptError.Ok;
            case Opcode.CheckSequenceVerify:
                return Has(ScriptFlags.CheckSequenceVerify) ? CheckLockTime(opcode) : ScriptError.Ok;
            default:
                return Has(ScriptFlags.DiscourageUpgradableNops) ? ScriptError.DiscourageUpgradableNops : ScriptError.Ok;
        }
    }

    // BIP 65 and BIP 112. The operand stays on the stack: both were no-ops once.
    private readonly ScriptError CheckLockTime(Opcode opcode)
    {
        if (Stack.Count < 1)
            return ScriptError.InvalidStackOperation;
        if (!TryGetNumber(1, out var number, ScriptNumber.LockTimeLengthMax))
            return ScriptError.ScriptNum;
        if (number < 0)
            return ScriptError.NegativeLockTime;

        var isReached = opcode == Opcode.CheckLockTimeVerify ? _context.IsLockTimeReached(number) : _context.IsSequenceReached(number);
        return isReached ? ScriptError.Ok : ScriptError.UnsatisfiedLockTime;
    }
}
