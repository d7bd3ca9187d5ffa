using System.Collections.Frozen;

namespace Tributary.Bitcoin.Scripts;

/// <summary>The names of opcodes as Bitcoin Core writes and reads them, and the classes of opcodes that rules speak of.</summary>
public static class OpcodeNames
{
    private static readonly string?[] s_names = BuildNames();
    private static readonly FrozenDictionary<string, Opcode> s_byName = BuildIndex();

    /// <summary>"OP_CHECKSIG"; small numbers are "0", "-1", "1" … "16"; "OP_UNKNOWN" for a byte without a name.</summary>
    public static string GetName(this Opcode opcode) => s_names[(byte)opcode] ?? "OP_UNKNOWN";

    /// <summary>
    /// The opcode of a name, with or without "OP_". Pushes of data and numbers have no name here: text writes them as data and numbers.
    /// </summary>
    public static bool TryParse(string name, out Opcode opcode) => s_byName.TryGetValue(name, out opcode);

    /// <summary>True for what BIP 342 makes succeed unconditionally in tapscript (OP_SUCCESSx).</summary>
    public static bool IsSuccess(this Opcode opcode) => (byte)opcode is
        80 or 98 or (>= 126 and <= 129) or (>= 131 and <= 134) or 137 or 138 or 141 or 142 or (>= 149 and <= 153) or (>= 187 and <= 254);

    /// <summary>True for OP_1 to OP_16.</summary>
    public static bool IsSmallInteger(this Opcode opcode) => opcode is >= Opcode.Op1 and <= Opcode.Op16;

    /// <summary>The number that OP_0 or OP_1 to OP_16 stands for.</summary>
    public static int ToSmallInteger(this Opcode opcode) => opcode switch
    {
        Opcode.Op0 => 0,
        >= Opcode.Op1 and <= Opcode.Op16 => opcode - Opcode.Op1 + 1,
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "Only OP_0 to OP_16 are small integers."),
    };

    /// <summary>OP_0 or OP_1 to OP_16.</summary>
    public static Opcode FromSmallInteger(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 16);
        return value == 0 ? Opcode.Op0 : Opcode.Op1 + (byte)(value - 1);
    }

    private static string?[] BuildNames()
    {
        var names = new string?[256];
        foreach (var opcode in Enum.GetValues<Opcode>())
            names[(byte)opcode] = "OP_" + opcode.ToString().ToUpperInvariant();

        names[(byte)Opcode.Op0] = "0";
        names[(byte)Opcode.Op1Negate] = "-1";
        for (var number = 1; number <= 16; number++)
            names[(byte)FromSmallInteger(number)] = number.ToString();

        // Names that no identifier can have: they begin with a digit.
        names[(byte)Opcode.Drop2] = "OP_2DROP";
        names[(byte)Opcode.Dup2] = "OP_2DUP";
        names[(byte)Opcode.Dup3] = "OP_3DUP";
        names[(byte)Opcode.Over2] = "OP_2OVER";
        names[(byte)Opcode.Rot2] = "OP_2ROT";
        names[(byte)Opcode.Swap2] = "OP_2SWAP";
        names[(byte)Opcode.Add1] = "OP_1ADD";
        names[(byte)Opcode.Sub1] = "OP_1SUB";
        names[(byte)Opcode.Mul2] = "OP_2MUL";
        names[(byte)Opcode.Div2] = "OP_2DIV";
        names[(byte)Opcode.NotEqual0] = "OP_0NOTEQUAL";
        names[(byte)Opcode.Invalid] = "OP_INVALIDOPCODE";
        return names;
    }

    private static FrozenDictionary<string, Opcode> BuildIndex()
    {
        var index = new Dictionary<string, Opcode>(StringComparer.Ordinal);
        foreach (var opcode in Enum.GetValues<Opcode>())
        {
            // OP_RESERVED is not a push and has a name; OP_INVALIDOPCODE is what is not one.
            if ((opcode < Opcode.Nop && opcode != Opcode.Reserved) || opcode == Opcode.Invalid)
                continue;
            var name = opcode.GetName();
            index.Add(name, opcode);
            index.Add(name["OP_".Length..], opcode);
        }

        index.Add("OP_NOP2", Opcode.CheckLockTimeVerify);
        index.Add("NOP2", Opcode.CheckLockTimeVerify);
        index.Add("OP_NOP3", Opcode.CheckSequenceVerify);
        index.Add("NOP3", Opcode.CheckSequenceVerify);
        return index.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
