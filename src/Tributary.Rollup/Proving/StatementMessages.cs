using System.Buffers.Binary;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Proving.Tables;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Proving;

/// <summary>
/// Turns body and hints into the messages of the statement: an instruction or a shown cell each, and the two roots. What comes with the proof is read
/// here for the first time and not trusted.
/// </summary>
internal sealed class StatementMessages(ReadOnlyMemory<byte> hints) : ISegmentSink
{
    private readonly List<OperationRequest> _signed = [];
    private readonly List<KoalaBear[]> _unfilled = [];
    private int _position;
    private uint _number;

    public List<PublicMessage> Messages { get; } = [];

    public SegmentEvents Events { get; } = new();

    /// <summary>The statement of the proof system; a refusal where body, hints and public inputs do not agree.</summary>
    /// <param name="inputs">The public inputs.</param>
    /// <param name="body">The body as posted.</param>
    /// <param name="posts">The posts of the forced queue that the segment consumes, from Bitcoin; their digests make those of the public inputs.</param>
    /// <param name="hints">What came with the proof.</param>
    public static Result<Statement, Refusal> Build(
        SegmentStatement inputs, ReadOnlySpan<byte> body, IReadOnlyList<ForcedPost> posts, ReadOnlyMemory<byte> hints)
    {
        if (SegmentStatement.DigestOf(body) != inputs.BodyDigest)
            return new Refusal("body_digest", "not that of the body");
        if (!SegmentBody.Read(body).TryGet(out var segment, out var garbled))
            return garbled;
        if (CheckQueue(inputs, segment, posts) is { } misfit)
            return misfit;
        var messages = new StatementMessages(hints);
        for (var i = 0; i < posts.Count; i++)
        {
            if (ForcedPlanner.Plan(posts[i], inputs.Rollup, messages) is { } refusal)
                return new Refusal($"posts[{i}].{refusal.Field}", refusal.Reason);
        }

        var planner = new OperationPlanner(segment.Height, messages);
        for (var i = 0; i < segment.Operations.Count; i++)
        {
            if (planner.Plan(segment.Operations[i]) is { } refusal)
                return new Refusal($"operations[{i}].{refusal.Field}", refusal.Reason);
        }

        if (messages._position != hints.Length)
            return new Refusal("hints", "more than the operations ask for");
        if (messages.Events.Differs(inputs) is { } difference)
            return difference;
        messages.FillDigests(inputs.Rollup);
        messages.AddRoots(inputs.RootBefore, inputs.RootAfter);
        var publics = new IReadOnlyList<KoalaBear>[RollupMachine.Tables];
        Array.Fill(publics, []);
        publics[RollupMachine.Operations] = Limbs(inputs.ComputeDigest());
        return new Statement(publics, messages.Messages);
    }

    private static Refusal? CheckQueue(SegmentStatement inputs, SegmentBody segment, IReadOnlyList<ForcedPost> posts)
    {
        if (segment.Posts != posts.Count)
            return new Refusal("forced", $"the body consumes {segment.Posts} posts, not {posts.Count}");
        var (point, height) = (inputs.ForcedBefore, 0);
        foreach (var post in posts)
        {
            if (post.Height < height || post.Height > segment.Height)
                return new Refusal("forced", $"a post of height {post.Height} is out of order, or after the segment's {segment.Height}");
            (point, height) = (point.After(post), post.Height);
        }

        return point == inputs.ForcedAfter ? null : new Refusal("forced", "the posts do not lead from one point of the queue to the other");
    }

    public uint? NextNumber() => _number < SegmentBody.MaxOperations ? ++_number : null;

    public uint? NextIndex(uint account)
    {
        var reader = new SpanReader(hints.Span[_position..]);
        var index = SegmentHints.ReadIndex(ref reader);
        _position += reader.Position;
        return index;
    }

    public byte[]? Show(LeafKey key)
    {
        var reader = new SpanReader(hints.Span[_position..]);
        var value = SegmentHints.ReadLeaf(ref reader, key.Kind);
        _position += reader.Position;
        return value;
    }

    public TreeDigest Digest(in OperationRequest request)
    {
        _signed.Add(request);
        return default;
    }

    public void Add(in Instruction instruction)
    {
        var elements = new KoalaBear[Instruction.Elements];
        instruction.Write(elements);
        if (instruction.Signs)
            _unfilled.Add(elements);
        Messages.Add(new PublicMessage(RollupBuses.Instructions, true, elements));
    }

    public void Write(uint number, LeafKey key, byte[] before, byte[] after)
    {
        var index = StateAddress.Find(key).Value;
        KoalaBear[] old = LeafLayout.Elements(key.Kind, before), now = LeafLayout.Elements(key.Kind, after);
        for (var block = 0; block < LeafLayout.Blocks(key.Kind); block++)
        {
            var elements = new KoalaBear[RollupBuses.Cells.Width];
            elements[0] = number * OperationsAir.TimesOfOne;
            elements[1] = LeafLayout.Tag(key.Kind);
            elements[2] = (uint)(index >> StateAddress.SlotBits);
            elements[3] = (uint)index & ((1u << StateAddress.SlotBits) - 1);
            elements[4] = (uint)block;
            elements[5] = (uint)LeafLayout.Blocks(key.Kind);
            old.AsSpan(block * TreeHash.BlockElements, TreeHash.BlockElements).CopyTo(elements.AsSpan(6));
            now.AsSpan(block * TreeHash.BlockElements, TreeHash.BlockElements).CopyTo(elements.AsSpan(6 + TreeHash.BlockElements));
            Messages.Add(new PublicMessage(RollupBuses.Cells, true, elements));
        }

        if (!before.AsSpan().SequenceEqual(after))
            Events.TakeLeaf(key, after);
    }

    public void Emit(FinanceEvent what) => Events.Take(what);

    /// <summary>Hashes all that is signed at once: each request that signs has had one instruction, in order.</summary>
    private void FillDigests(Bytes32 rollup)
    {
        var digests = OperationDigest.Compute(rollup, _signed);
        for (var i = 0; i < digests.Length; i++)
            digests[i].Span.CopyTo(_unfilled[i].AsSpan(Instruction.MessageField));
    }

    private void AddRoots(TreeDigest before, TreeDigest after)
    {
        var elements = new KoalaBear[RollupBuses.Nodes.Width];
        elements[0] = NodesAir.UpperLevels;
        elements[1] = NodesAir.LowerLevels;
        before.Span.CopyTo(elements.AsSpan(4));
        after.Span.CopyTo(elements.AsSpan(12));
        Messages.Add(new PublicMessage(RollupBuses.Nodes, false, elements));
    }

    private static KoalaBear[] Limbs(Bytes32 digest)
    {
        var limbs = new KoalaBear[OperationsAir.Publics];
        for (var i = 0; i < limbs.Length; i++)
            limbs[i] = (uint)BinaryPrimitives.ReadUInt16LittleEndian(digest.Span[(2 * i)..]);
        return limbs;
    }
}
