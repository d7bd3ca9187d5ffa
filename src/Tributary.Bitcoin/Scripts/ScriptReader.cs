using System.Buffers.Binary;

namespace Tributary.Bitcoin.Scripts;

/// <summary>Walks the operations of a script without allocating: any bytes may come, and a push that the script cuts short ends the walk.</summary>
public ref struct ScriptReader(ReadOnlySpan<byte> script)
{
    private readonly ReadOnlySpan<byte> _script = script;

    /// <summary>Bytes consumed so far.</summary>
    public int Position { get; private set; }

    /// <summary>True when nothing is left.</summary>
    public readonly bool IsAtEnd => Position >= _script.Length;

    /// <summary>
    /// Reads the next operation and, for a push, what it pushes (nothing for OP_0 and the numbers). False at the end and where a push
    /// is longer than the script: <see cref="IsAtEnd"/>, asked before, tells the two apart. The position is then of no more use.
    /// </summary>
    public bool TryReadNext(out Opcode opcode, out ReadOnlySpan<byte> push)
    {
        push = default;
        if (IsAtEnd)
        {
            opcode = Opcode.Invalid;
            return false;
        }

        opcode = (Opcode)_script[Position++];
        if (opcode > Opcode.PushData4)
            return true;

        if (!TryReadPushLength(opcode, out var length) || length > (uint)(_script.Length - Position))
            return false;

        push = _script.Slice(Position, (int)length);
        Position += (int)length;
        return true;
    }

    private bool TryReadPushLength(Opcode opcode, out uint length)
    {
        length = (uint)opcode;
        if (opcode < Opcode.PushData1)
            return true;

        var rest = _script[Position..];
        var width = opcode switch
        {
            Opcode.PushData1 => 1,
            Opcode.PushData2 => 2,
            _ => 4,
        };
        if (rest.Length < width)
            return false;

        Position += width;
        length = width switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(rest),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(rest),
        };
        return true;
    }
}
