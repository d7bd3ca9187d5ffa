namespace Tributary.Bitcoin.Scripts.Execution;

/// <content>Arithmetic on numbers of at most four bytes; sums may be one bit longer and then fit no other operation.</content>
internal ref partial struct ScriptMachine
{
    private ScriptError Calculate(Opcode opcode)
    {
        var operands = opcode switch
        {
            >= Opcode.Add1 and <= Opcode.NotEqual0 => 1,
            Opcode.Within => 3,
            _ => 2,
        };
        if (Stack.Count < operands)
            return ScriptError.InvalidStackOperation;

        // From the lowest operand up: the first that is no number gives the error.
        long first = 0, second = 0, third = 0;
        if (!TryGetNumber(operands, out first)
            || (operands > 1 && !TryGetNumber(operands - 1, out second))
            || (operands > 2 && !TryGetNumber(1, out third)))
            return ScriptError.ScriptNum;

        Stack.Pop(operands);
        switch (operands)
        {
            case 1:
                PushNumber(Unary(opcode, first));
                return ScriptError.Ok;
            case 2 when opcode == Opcode.NumEqualVerify:
                return first == second ? ScriptError.Ok : ScriptError.NumEqualVerify;
            case 2:
                PushNumber(Binary(opcode, first, second));
                return ScriptError.Ok;
            default:
                Stack.Push(second <= first && first < third);
                return ScriptError.Ok;
        }
    }

    private static long Unary(Opcode opcode, long value) => opcode switch
    {
        Opcode.Add1 => value + 1,
        Opcode.Sub1 => value - 1,
        Opcode.Negate => -value,
        Opcode.Abs => Math.Abs(value),
        Opcode.Not => value == 0 ? 1 : 0,
        _ => value != 0 ? 1 : 0,
    };

    private static long Binary(Opcode opcode, long left, long right) => opcode switch
    {
        Opcode.Add => left + right,
        Opcode.Sub => left - right,
        Opcode.Min => Math.Min(left, right),
        Opcode.Max => Math.Max(left, right),
        _ => Holds(opcode, left, right) ? 1 : 0,
    };

    private static bool Holds(Opcode opcode, long left, long right) => opcode switch
    {
        Opcode.BoolAnd => left != 0 && right != 0,
        Opcode.BoolOr => left != 0 || right != 0,
        Opcode.NumEqual => left == right,
        Opcode.NumNotEqual => left != right,
        Opcode.LessThan => left < right,
        Opcode.GreaterThan => left > right,
        Opcode.LessThanOrEqual => left <= right,
        _ => left >= right,
    };
}
