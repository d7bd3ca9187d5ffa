using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Withdrawals;

/// <summary>
/// The first output of a payout, an OP_RETURN of <c>TRIW</c>, the rollup's id, a withdrawal's number (8 bytes) and how many are paid (2 bytes): the outputs
/// behind it pay that withdrawal and the payable ones after it, one each, in order.
/// </summary>
/// <param name="First">The number of the first withdrawal.</param>
/// <param name="Count">How many; not zero.</param>
public readonly record struct PayoutMarker(ulong First, ushort Count)
{
    private const int Length = 4 + Bytes32.Length + sizeof(ulong) + sizeof(ushort);

    private static ReadOnlySpan<byte> Magic => "TRIW"u8;

    /// <summary>The output's script.</summary>
    public Script Build(Bytes32 rollup)
    {
        var writer = new ByteWriter(Length);
        writer.WriteBytes(Magic);
        writer.WriteBytes32(rollup);
        writer.WriteUInt64LittleEndian(First);
        writer.WriteUInt16LittleEndian(Count);
        return new ScriptBuilder().Add(Opcode.Return).Push(writer.WrittenSpan).Build();
    }

    /// <summary>Reads a script; null where it is no marker of the rollup.</summary>
    public static PayoutMarker? Read(Script script, Bytes32 rollup)
    {
        var reader = new ScriptReader(script.Span);
        if (!reader.TryReadNext(out var opcode, out _) || opcode != Opcode.Return || !reader.TryReadNext(out _, out var push) || push.Length != Length || !push.StartsWith(Magic))
            return null;
        var fields = new SpanReader(push[Magic.Length..]);
        if (!fields.TryReadBytes32(out var named)
            || named != rollup
            || !fields.TryReadUInt64LittleEndian(out var first)
            || !fields.TryReadUInt16LittleEndian(out var count)
            || count == 0)
            return null;
        var marker = new PayoutMarker(first, count);
        return script == marker.Build(rollup) ? marker : null;
    }
}
