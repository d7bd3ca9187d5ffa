using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Anchoring;

/// <summary>
/// Data on Bitcoin, in a tapscript (BIP 342) that pushes it, drops it and checks a signature: no OP_IF and no push above 255 bytes, so that
/// it stays spendable where nodes refuse both. There is one script for a payload and a key; every other spelling is refused.
/// </summary>
/// <param name="Kind">What the payload is.</param>
/// <param name="Payload">At most <see cref="PayloadLengthMax"/> bytes.</param>
/// <param name="Key">The x coordinate of the key whose signature spends the script.</param>
public sealed record Envelope(EnvelopeKind Kind, ReadOnlyMemory<byte> Payload, Bytes32 Key)
{
    /// <summary>The version in every envelope's head.</summary>
    public const byte Version = 1;

    /// <summary>The longest payload: with it a transaction stays below the 400,000 weight units that nodes relay.</summary>
    public const int PayloadLengthMax = 380_000;

    /// <summary>The longest push.</summary>
    public const int ChunkLength = byte.MaxValue;

    /// <summary>The length of the head: the magic word, the version, the kind.</summary>
    private const int HeadLength = 6;

    private const byte Annex = 0x50;

    private static ReadOnlySpan<byte> Magic => "TRIB"u8;

    /// <summary>The script: head and chunks, dropped in pairs, then the key and OP_CHECKSIG.</summary>
    public Script Build()
    {
        if (Payload.Length > PayloadLengthMax)
            throw new InvalidOperationException($"An envelope holds {PayloadLengthMax} bytes, not {Payload.Length}.");
        var builder = new ScriptBuilder().Push([.. Magic, Version, (byte)Kind]);
        var onStack = 1;
        for (var rest = Payload.Span; !rest.IsEmpty;)
        {
            var chunk = rest[..Math.Min(ChunkLength, rest.Length)];
            builder.Push(chunk);
            rest = rest[chunk.Length..];
            if (++onStack == 2)
            {
                builder.Add(Opcode.Drop2);
                onStack = 0;
            }
        }

        if (onStack == 1)
            builder.Add(Opcode.Drop);
        return builder.Push(Key.Span).Add(Opcode.CheckSig).Build();
    }

    /// <summary>
    /// Does an input show an envelope, damaged or not? Whether the input spends a taproot output is not asked: the bytes are on Bitcoin either
    /// way, and all readers judge them alike.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="input">The input's place.</param>
    /// <param name="script">The script, for <see cref="Read"/>.</param>
    public static bool IsShown(Transaction transaction, int input, out Script script)
    {
        var witness = transaction.Witness(input);
        var (left, before, last) = (witness.Count, default(ReadOnlyMemory<byte>), default(ReadOnlyMemory<byte>));
        foreach (var item in witness)
        {
            // The annex (BIP 341) comes last and is no part of the script's path.
            if (--left == 0 && !before.IsEmpty && !item.IsEmpty && item.Span[0] == Annex)
                break;
            (before, last) = (last, item);
        }

        script = new Script(before);
        return LooksLikeControlBlock(last.Span) && BeginsAsOne(before.Span);
    }

    /// <summary>Reads an envelope's script.</summary>
    public static Result<Envelope, Refusal> Read(Script script)
    {
        var reader = new ScriptReader(script.Span);
        if (!reader.TryReadNext(out _, out var head) || !IsHead(head))
            return new Refusal("envelope", "has no head");
        if (head[4] != Version)
            return new Refusal("envelope.version", $"is {head[4]}; this program reads version {Version}");
        if (!Enum.IsDefined((EnvelopeKind)head[5]))
            return new Refusal("envelope.kind", $"is {head[5]}, which version {Version} does not know");
        var kind = (EnvelopeKind)head[5];

        var payload = new ByteWriter(script.Length);
        while (reader.TryReadNext(out var opcode, out var push))
        {
            if (opcode is Opcode.Drop or Opcode.Drop2)
                continue;
            if (opcode == Opcode.CheckSig)
                break;
            if (opcode.IsSmallInteger())
                payload.WriteByte((byte)opcode.ToSmallInteger());
            else if (opcode == Opcode.Op1Negate)
                payload.WriteByte(0x81);
            else
                payload.WriteBytes(push);
        }

        // The key is the last push: take it off the end, and let the one true spelling judge the rest.
        if (payload.Length < Bytes32.Length)
            return new Refusal("envelope", "names no key");
        var bytes = payload.WrittenSpan;
        if (bytes.Length - Bytes32.Length > PayloadLengthMax)
            return new Refusal("envelope", $"is longer than {PayloadLengthMax} bytes");
        var envelope = new Envelope(kind, bytes[..^Bytes32.Length].ToArray(), new Bytes32(bytes[^Bytes32.Length..]));
        return envelope.Build() == script ? envelope : new Refusal("envelope", "is not in its one spelling");
    }

    public bool Equals(Envelope? other) => other is not null && Kind == other.Kind && Key == other.Key && Payload.Span.SequenceEqual(other.Payload.Span);

    public override int GetHashCode() => HashCode.Combine(Kind, Key, Payload.Length);

    private static bool IsHead(ReadOnlySpan<byte> push) => push.Length == HeadLength && push.StartsWith(Magic);

    private static bool BeginsAsOne(ReadOnlySpan<byte> script) => script.Length > HeadLength && script[0] == HeadLength && script[1..].StartsWith(Magic);

    // A leaf version of BIP 342, the internal key, whole steps of the path (BIP 341).
    private static bool LooksLikeControlBlock(ReadOnlySpan<byte> item) =>
        item.Length >= 33 && (item.Length - 33) % 32 == 0 && (item[0] & 0xfe) == 0xc0;
}
