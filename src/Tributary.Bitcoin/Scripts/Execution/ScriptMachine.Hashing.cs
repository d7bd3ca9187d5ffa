using Tributary.Crypto;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <content>Hashes of the top element.</content>
internal ref partial struct ScriptMachine
{
    private ScriptError HashTop(Opcode opcode)
    {
        if (Stack.Count < 1)
            return ScriptError.InvalidStackOperation;

        var memory = Scratch.Take(opcode is Opcode.Sha256 or Opcode.Hash256 ? 32 : 20);
        var input = Stack.Top();
        switch (opcode)
        {
            case Opcode.Ripemd160:
                Hashes.Ripemd160(input, memory.Span);
                break;
            case Opcode.Sha1:
                Hashes.Sha1(input, memory.Span);
                break;
            case Opcode.Sha256:
                Hashes.Sha256(input, memory.Span);
                break;
            case Opcode.Hash160:
                Hashes.Hash160(input, memory.Span);
                break;
            default:
                Hashes.Sha256d(input, memory.Span);
                break;
        }

        Stack.Pop();
        Stack.Push(memory);
        return ScriptError.Ok;
    }
}
