using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts;

/// <summary>Builds scripts with the shortest push for everything, as the minimal-data rule (BIP 62 rule 3) wants it.</summary>
public sealed class ScriptBuilder
{
    private readonly ByteWriter _writer = new(64);

    /// <summary>Bytes so far.</summary>
    public int Length => _writer.Length;

    /// <summary>An opcode. Opcodes that push data take their data from <see cref="Push"/>.</summary>
    public ScriptBuilder Add(Opcode opcode)
    {
        if (opcode is > Opcode.Op0 and <= Opcode.PushData4)
            throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "A push comes with its data.");
        _writer.WriteByte((byte)opcode);
        return this;
    }

    /// <summary>Pushes bytes in the shortest way: as a small number where they are one.</summary>
    public ScriptBuilder Push(ReadOnlySpan<byte> data)
    {
        switch (data)
        {
            case []:
                return Add(Opcode.Op0);
            case [>= 1 and <= 16]:
                return Add(OpcodeNames.FromSmallInteger(data[0]));
            case [0x81]:
                return Add(Opcode.Op1Negate);
            default:
                WritePush(_writer, data);
                return this;
        }
    }

    /// <summary>Pushes a number in the shortest way.</summary>
    public ScriptBuilder PushNumber(long value)
    {
        Span<byte> bytes = stackalloc byte[ScriptNumber.WriteLengthMax];
        return Push(bytes[..ScriptNumber.Write(value, bytes)]);
    }

    /// <summary>Bytes as they are: script that is already built, or what a test needs to be wrong.</summary>
    public ScriptBuilder AddRaw(ReadOnlySpan<byte> bytes)
    {
        _writer.WriteBytes(bytes);
        return this;
    }

    /// <summary>The script.</summary>
    public Script Build() => new(_writer.ToArray());

    /// <summary>
    /// The length and the data, without the small-number opcodes: the form that Bitcoin Core's <c>CScript &lt;&lt; vector</c> writes and
    /// that consensus compares with (a signature in a script code, a redeem script in a scriptSig).
    /// </summary>
    internal static void WritePush(ByteWriter writer, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[5];
        writer.WriteBytes(header[..WritePushHeader(data.Length, header)]);
        writer.WriteBytes(data);
    }

    /// <summary>Writes what stands before pushed data of a length; returns how many bytes that takes.</summary>
    internal static int WritePushHeader(int length, Span<byte> header)
    {
        switch (length)
        {
            case < (int)Opcode.PushData1:
                header[0] = (byte)length;
                return 1;
            case <= byte.MaxValue:
                header[0] = (byte)Opcode.PushData1;
                header[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                header[0] = (byte)Opcode.PushData2;
                BitConverter.TryWriteBytes(header[1..], (ushort)length);
                return 3;
            default:
                header[0] = (byte)Opcode.PushData4;
                BitConverter.TryWriteBytes(header[1..], length);
                return 5;
        }
    }
}
