namespace Tributary.Bitcoin.Scripts.Execution;

/// <content>Operations that move, copy, drop, measure or compare elements. Comments show the stack, top last.</content>
internal ref partial struct ScriptMachine
{
    private ScriptError MoveElements(Opcode opcode)
    {
        if (opcode == Opcode.FromAltStack)
        {
            if (_altStack.Count < 1)
                return ScriptError.InvalidAltStackOperation;
            Stack.Push(_altStack.Peek());
            _altStack.Pop();
            return ScriptError.Ok;
        }

        if (Stack.Count < OperandCount(opcode))
            return ScriptError.InvalidStackOperation;
        if (opcode is Opcode.Pick or Opcode.Roll)
            return PickOrRoll(opcode);
        Move(opcode);
        return ScriptError.Ok;
    }

    private static int OperandCount(Opcode opcode) => opcode switch
    {
        Opcode.Depth => 0,
        Opcode.ToAltStack or Opcode.IfDup or Opcode.Drop or Opcode.Dup or Opcode.Size => 1,
        Opcode.Dup3 or Opcode.Rot => 3,
        Opcode.Over2 or Opcode.Swap2 => 4,
        Opcode.Rot2 => 6,
        _ => 2,
    };

    private void Move(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.ToAltStack:
                _altStack.Push(Stack.Peek());
                Stack.Pop();
                break;
            case Opcode.Drop2:
                Stack.Pop(2);
                break;
            case Opcode.Dup2: // a b → a b a b
                CopyUp(depth: 2, count: 2);
                break;
            case Opcode.Dup3: // a b c → a b c a b c
                CopyUp(depth: 3, count: 3);
                break;
            case Opcode.Over2: // a b c d → a b c d a b
                CopyUp(depth: 4, count: 2);
                break;
            case Opcode.Rot2: // a b c d e f → c d e f a b
                Stack.Raise(6);
                Stack.Raise(6);
                break;
            case Opcode.Swap2: // a b c d → c d a b
                Stack.Swap(4, 2);
                Stack.Swap(3, 1);
                break;
            case Opcode.IfDup:
                if (ScriptNumber.IsTrue(Stack.Top()))
                    CopyUp(depth: 1, count: 1);
                break;
            case Opcode.Depth:
                PushNumber(Stack.Count);
                break;
            case Opcode.Drop:
                Stack.Pop();
                break;
            case Opcode.Dup:
                CopyUp(depth: 1, count: 1);
                break;
            case Opcode.Nip: // a b → b
                Stack.RemoveAt(2);
                break;
            case Opcode.Over: // a b → a b a
                CopyUp(depth: 2, count: 1);
                break;
            case Opcode.Rot: // a b c → b c a
                Stack.Raise(3);
                break;
            case Opcode.Swap: // a b → b a
                Stack.Raise(2);
                break;
            case Opcode.Tuck: // a b → b a b
                Stack.InsertUnder(2, Stack.Peek());
                break;
            default:
                PushNumber(Stack.Top().Length); // OP_SIZE
                break;
        }
    }

    private void CopyUp(int depth, int count)
    {
        // Each push moves what comes next to the same depth.
        for (var i = 0; i < count; i++)
            Stack.Push(Stack.Peek(depth));
    }

    // … x1 x0 n → … xn: copied or moved.
    private ScriptError PickOrRoll(Opcode opcode)
    {
        if (!TryGetNumber(1, out var number))
            return ScriptError.ScriptNum;
        Stack.Pop();
        if (number < 0 || number >= Stack.Count)
            return ScriptError.InvalidStackOperation;

        var depth = (int)number + 1;
        if (opcode == Opcode.Roll)
            Stack.Raise(depth);
        else
            CopyUp(depth, count: 1);
        return ScriptError.Ok;
    }

    private ScriptError CompareElements(Opcode opcode)
    {
        if (Stack.Count < 2)
            return ScriptError.InvalidStackOperation;
        var areEqual = Stack.Top(1).SequenceEqual(Stack.Top(2));
        Stack.Pop(2);
        return Conclude(areEqual, mustHold: opcode == Opcode.EqualVerify, ScriptError.EqualVerify);
    }
}
