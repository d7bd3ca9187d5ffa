using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>Scripts of random operations that run a while before they fail, or do not.</summary>
internal static class RandomScripts
{
    private static readonly Opcode[] s_opcodes = Enum.GetValues<Opcode>().Where(static opcode => opcode is Opcode.Op0 or > Opcode.PushData4).ToArray();

    private static readonly Opcode[] s_likely =
    [
        Opcode.Dup, Opcode.Dup2, Opcode.Dup3, Opcode.Over, Opcode.Pick, Opcode.Roll, Opcode.Rot, Opcode.Swap, Opcode.Tuck, Opcode.Size, Opcode.Depth, Opcode.Add,
        Opcode.Sub, Opcode.Min, Opcode.Max, Opcode.Negate, Opcode.Abs, Opcode.Not, Opcode.NotEqual0, Opcode.Equal, Opcode.NumEqual, Opcode.LessThan,
        Opcode.BoolAnd, Opcode.BoolOr, Opcode.Within, Opcode.Sha256, Opcode.Hash160, Opcode.Hash256, Opcode.Ripemd160, Opcode.Sha1, Opcode.ToAltStack,
        Opcode.FromAltStack, Opcode.If, Opcode.NotIf, Opcode.Else, Opcode.EndIf, Opcode.IfDup, Opcode.Drop, Opcode.Nip, Opcode.Swap2, Opcode.Over2, Opcode.Rot2,
        Opcode.Add1, Opcode.Sub1, Opcode.CheckSig, Opcode.CheckMultiSig, Opcode.CheckLockTimeVerify, Opcode.CheckSequenceVerify, Opcode.CodeSeparator,
    ];

    public static OutputLock Create(Chance chance)
    {
        var context = chance.Pick(Enum.GetValues<ScriptContext>());
        var builder = new ScriptBuilder();
        for (var left = chance.Between(1, 30); left > 0; left--)
            AddOperation(builder, chance);
        if (!chance.OneIn(4))
            builder.PushNumber(1);

        var arguments = Enumerable.Range(0, chance.Between(0, 6)).Select(_ => Argument(chance)).ToArray();
        return context.Lock($"random {Convert.ToHexStringLower(builder.Build().Span)}", builder.Build(), _ => arguments);
    }

    private static void AddOperation(ScriptBuilder builder, Chance chance)
    {
        switch (chance.Below(8))
        {
            case 0:
                builder.Push(Argument(chance));
                break;
            case 1:
                builder.PushNumber(chance.Between(-2, 20));
                break;
            case 2:
                builder.Add(Opcode.Op1 + (byte)chance.Below(16));
                break;
            case 3:
                builder.Add(chance.Pick(s_opcodes));
                break;
            case 4 when chance.OneIn(10):
                builder.AddRaw(chance.Bytes(chance.Between(1, 4)));
                break;
            default:
                builder.Add(chance.Pick(s_likely));
                break;
        }
    }

    private static byte[] Argument(Chance chance) => chance.Below(6) switch
    {
        0 => [],
        1 => [1],
        2 => chance.Bytes(1),
        3 => chance.Bytes(chance.Between(1, 5)),
        4 => [0, 0x80],
        _ => chance.Bytes(chance.Between(1, 40)),
    };
}
