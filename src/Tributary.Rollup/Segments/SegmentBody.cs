using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Segments;

/// <summary>
/// What a segment posts: the height of rollup time and the operations in order, packed (docs/rollup/statement.md, section 3). An index stands there as
/// its gap: how many indices it leaves out after the account's next one, most often none. Equal segments have equal bytes.
/// </summary>
/// <param name="Height">Rollup time: the Bitcoin height up to which the forced queue has been consumed.</param>
/// <param name="Operations">The operations; the index of an authorisation is its gap.</param>
public sealed record SegmentBody(uint Height, IReadOnlyList<OperationRequest> Operations)
{
    /// <summary>The format described there.</summary>
    public const byte Version = 1;

    /// <summary>Operations at most: their numbers have to leave times below 2¹⁶.</summary>
    public const int MaxOperations = 8191;

    /// <summary>Bytes at most.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Forced posts at most.</summary>
    public const int MaxPosts = 8191;

    private const int MaxTerms = 1 << 12;
    private const int LengthBits = 6;
    private const int MaxGapBits = 32;
    private const int MinOperationBits = 4;

    /// <summary>
    /// How many posts of the forced queue the segment consumes before its operations. The posts themselves stand on Bitcoin already.
    /// </summary>
    public int Posts { get; init; }

    /// <summary>The bytes.</summary>
    public byte[] Write()
    {
        if (Operations.Count > MaxOperations)
            throw new InvalidOperationException($"A segment has at most {MaxOperations} operations.");
        var terms = new OrderedDictionary<Terms, int>();
        var accountBits = 1;
        foreach (var request in Operations)
        {
            if (!IsCompact(request) || (terms.Count == MaxTerms && !terms.ContainsKey(Terms.Of(request))))
                continue;
            terms.TryAdd(Terms.Of(request), terms.Count);
            accountBits = Math.Max(accountBits, BitLength(Math.Max(request.Authorisation!.Value.Account.Value, ((Transfer)request.Operation).To.Value)));
        }

        var writer = new ByteWriter(Operations.Count * 8);
        writer.WriteByte(Version);
        writer.WriteUInt32LittleEndian(Height);
        writer.WriteCompactSize((ulong)Posts);
        writer.WriteCompactSize((ulong)Operations.Count);
        writer.WriteByte((byte)accountBits);
        writer.WriteCompactSize((ulong)terms.Count);
        foreach (var (term, _) in terms)
            term.Write(writer);
        var bits = new BitWriter(writer);
        var termBits = terms.Count == 0 ? 0 : BitLength((ulong)terms.Count - 1);
        foreach (var request in Operations)
        {
            if (IsCompact(request) && terms.TryGetValue(Terms.Of(request), out var term))
                WriteTransfer(ref bits, request, term, termBits, accountBits);
            else
                WriteOther(ref bits, request);
        }

        bits.Flush();
        return writer.ToArray();
    }

    /// <summary>Reads bytes; any other than <see cref="Write"/> gives are refused.</summary>
    public static Result<SegmentBody, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
            return new Refusal("body.length", $"at most {MaxLength} bytes");
        var reader = new SpanReader(bytes);
        if (!reader.TryReadByte(out var version) || version != Version)
            return new Refusal("body.version", $"only version {Version} is known");
        if (!reader.TryReadUInt32LittleEndian(out var height) || !reader.TryReadCompactSize(out var posts) || !reader.TryReadCompactSize(out var count))
            return new Refusal("body.header", "cut short");
        if (posts > MaxPosts)
            return new Refusal("body.posts", $"at most {MaxPosts}");
        if (count > MaxOperations || count > (ulong)reader.Remaining * 8 / MinOperationBits)
            return new Refusal("body.count", "more operations than a segment or these bytes have room for");
        if (!reader.TryReadByte(out var accountBits) || accountBits is 0 or > 32)
            return new Refusal("body.accounts", "from 1 to 32 bits");
        if (!reader.TryReadCount(Terms.MinLength, out var termCount) || termCount > MaxTerms)
            return new Refusal("body.terms", "more than these bytes have room for");
        var terms = new Terms[termCount];
        for (var i = 0; i < termCount; i++)
        {
            if (!Terms.TryRead(ref reader, out terms[i]))
                return new Refusal($"body.terms[{i}]", "cut short");
        }

        var bits = new BitReader(reader.Rest);
        var operations = new OperationRequest[count];
        for (var i = 0; i < operations.Length; i++)
        {
            if (ReadOne(ref bits, terms, accountBits) is not { } request)
                return new Refusal($"body.operations[{i}]", "cut short or no operation");
            operations[i] = request;
        }

        var body = new SegmentBody(height, operations) { Posts = (int)posts };
        return body.Write().AsSpan().SequenceEqual(bytes) ? body : new Refusal("body", "not in its one form");
    }

    private static OperationRequest? ReadOne(ref BitReader bits, Terms[] terms, int accountBits)
    {
        if (!bits.TryRead(1, out var other))
            return null;
        if (other == 0)
            return ReadTransfer(ref bits, terms, accountBits);
        if (!bits.TryRead(13, out var length) || length > OperationCodec.MaxLength || !bits.TryReadBytes((int)length, out var bytes))
            return null;
        return OperationCodec.Read(ModuleTable.Provable, bytes).TryGet(out var request) ? request : null;
    }

    private static OperationRequest? ReadTransfer(ref BitReader bits, Terms[] terms, int accountBits)
    {
        var term = 0UL;
        if (terms.Length == 0
            || (terms.Length > 1 && !bits.TryRead(BitLength((ulong)terms.Length - 1), out term))
            || term >= (ulong)terms.Length
            || !bits.TryReadGap(MaxGapBits, out var gap)
            || !bits.TryRead(accountBits, out var from)
            || !bits.TryRead(accountBits, out var to)
            || !bits.TryRead(LengthBits, out var length)
            || !bits.TryRead((int)length, out var amount))
            return null;
        return terms[term].Request((uint)from, (uint)gap, (uint)to, (1UL << (int)length) | amount);
    }

    private static void WriteTransfer(ref BitWriter bits, in OperationRequest request, int term, int termBits, int accountBits)
    {
        var (transfer, authorisation) = ((Transfer)request.Operation, request.Authorisation!.Value);
        var amount = (ulong)transfer.Amount.Units;
        var length = BitLength(amount) - 1;
        bits.Write(0, 1);
        bits.Write((ulong)term, termBits);
        bits.WriteGap(authorisation.Index);
        bits.Write(authorisation.Account.Value, accountBits);
        bits.Write(transfer.To.Value, accountBits);
        bits.Write((ulong)length, LengthBits);
        bits.Write(amount & ~(1UL << length), length);
    }

    private static void WriteOther(ref BitWriter bits, in OperationRequest request)
    {
        var bytes = OperationCodec.Write(request);
        bits.Write(1, 1);
        bits.Write((ulong)bytes.Length, 13);
        bits.WriteBytes(bytes);
    }

    private static bool IsCompact(in OperationRequest request) =>
        request is { Operation: Transfer { Amount: { IsZero: false } amount }, Authorisation: { } authorisation }
        && amount.Units <= ulong.MaxValue
        && authorisation.Fee.Units <= ulong.MaxValue;

    private static int BitLength(ulong value) => 64 - System.Numerics.BitOperations.LeadingZeroCount(value);
}
