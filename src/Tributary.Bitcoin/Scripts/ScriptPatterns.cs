using System.Text;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts;

/// <summary>The shapes of scripts that consensus rules name, over bare spans.</summary>
internal static class ScriptPatterns
{
    internal static bool IsPushOnly(ReadOnlySpan<byte> script)
    {
        var reader = new ScriptReader(script);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadNext(out var opcode, out _) || opcode > Opcode.Op16)
                return false;
        }

        return true;
    }

    internal static bool IsPayToScriptHash(ReadOnlySpan<byte> script) =>
        script.Length == 23 && script[0] == (byte)Opcode.Hash160 && script[1] == 20 && script[22] == (byte)Opcode.Equal;

    /// <summary>BIP 141: the program is everything after the first two bytes.</summary>
    internal static bool IsWitnessProgram(ReadOnlySpan<byte> script, out int version)
    {
        version = 0;
        if (script.Length is < 4 or > 42 || script[1] + 2 != script.Length)
            return false;

        var first = (Opcode)script[0];
        if (first != Opcode.Op0 && !first.IsSmallInteger())
            return false;

        version = first.ToSmallInteger();
        return true;
    }

    /// <summary>The keyless output that anyone may spend to bump a fee: version 1, program 4e73 ("bc1pfees…").</summary>
    internal static bool IsPayToAnchor(ReadOnlySpan<byte> script) => script is [(byte)Opcode.Op1, 2, 0x4e, 0x73];

    /// <summary>Is this the shortest push of the data? For OP_0 to OP_PUSHDATA4.</summary>
    internal static bool IsMinimalPush(ReadOnlySpan<byte> data, Opcode opcode) => data switch
    {
        [] => opcode == Opcode.Op0,
        [>= 1 and <= 16] or [0x81] => false,
        { Length: < (int)Opcode.PushData1 } => (int)opcode == data.Length,
        { Length: <= byte.MaxValue } => opcode == Opcode.PushData1,
        { Length: <= ushort.MaxValue } => opcode == Opcode.PushData2,
        _ => true,
    };

    /// <summary>
    /// What the last operation of a scriptSig pushes: a redeem script. Numbers push nothing here, as in Bitcoin Core's sigop count.
    /// False when it does more than push.
    /// </summary>
    internal static bool TryGetLastPush(ReadOnlyMemory<byte> scriptSig, out ReadOnlyMemory<byte> last)
    {
        last = default;
        var reader = new ScriptReader(scriptSig.Span);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadNext(out var opcode, out var push) || opcode > Opcode.Op16)
                return false;
            last = scriptSig.Slice(reader.Position - push.Length, push.Length);
        }

        return true;
    }

    internal static string ToAssembly(ReadOnlySpan<byte> script)
    {
        var text = new StringBuilder();
        var reader = new ScriptReader(script);
        while (!reader.IsAtEnd)
        {
            if (text.Length > 0)
                text.Append(' ');
            if (!reader.TryReadNext(out var opcode, out var push))
            {
                text.Append("[error]");
                break;
            }

            text.Append(push.IsEmpty ? opcode.GetName() : Hex.Encode(push));
        }

        return text.ToString();
    }
}
