using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>
/// Follows a rollup from what is posted: applies bodies to a state of its own. Signatures are the proof's to show; a segment that does not follow, whose
/// lists or root are not what its body leads to, or which the engine refuses, leaves state and tree as they were.
/// </summary>
public sealed class SegmentReplay(Bytes32 rollup, FinanceEngine engine, StateTree tree)
{
    private uint _height;

    /// <summary>Applies a segment; null where it follows.</summary>
    public Refusal? Apply(SegmentStatement statement, ReadOnlySpan<byte> body)
    {
        if (statement.Rollup != rollup)
            return new Refusal("rollup", "another one");
        if (statement.RootBefore != tree.Root)
            return new Refusal("root_before", "does not follow the last segment");
        if (SegmentStatement.DigestOf(body) != statement.BodyDigest)
            return new Refusal("body_digest", "not that of the body");
        if (!SegmentBody.Read(body).TryGet(out var segment, out var garbled))
            return garbled;
        if (segment.Height < _height)
            return new Refusal("body.height", $"rollup time has come to {_height}");
        var mark = engine.State.Mark();
        var events = new SegmentEvents();
        if ((Carry(segment, events) ?? events.Differs(statement) ?? Move(statement, mark)) is { } refusal)
        {
            engine.State.Undo(mark);
            return refusal;
        }

        _height = segment.Height;
        return null;
    }

    private Refusal? Carry(SegmentBody segment, SegmentEvents events)
    {
        var supplies = new SupplySink(events);
        for (var i = 0; i < segment.Operations.Count; i++)
        {
            var request = segment.Operations[i];
            if (OperationPlanner.Check(request) is { } misfit)
                return new Refusal($"operations[{i}].{misfit.Field}", misfit.Reason);
            if (request.Authorisation is { } authorisation)
            {
                var index = (ulong)engine.State.Read(FinanceLeaves.Accounts, authorisation.Account.Value).NextIndex + authorisation.Index;
                if (index > int.MaxValue)
                    return new Refusal($"operations[{i}].authorisation.index", "beyond any key");
                request = request with { Authorisation = authorisation with { Index = (uint)index } };
            }

            var mark = engine.State.Mark();
            var outcome = engine.Apply(new OperationContext(segment.Height, OperationPlanner.SourceOf(request)), request);
            if (outcome.Refusal is { } refusal)
                return new Refusal($"operations[{i}].{refusal.Field}", refusal.Reason);
            foreach (var what in outcome.Events)
                events.TakeListed(what);
            engine.State.ReadChanges(mark, supplies);
        }

        return null;
    }

    private Refusal? Move(SegmentStatement statement, in Checkpoint mark)
    {
        var (forth, back) = (new LeafBatch(), new LeafBatch());
        engine.State.ReadChanges(mark, forth);
        engine.State.ReadChanges(mark, new Reversed(back));
        if (tree.Apply(forth) is { } refusal)
            return refusal;
        if (tree.Root == statement.RootAfter)
            return null;
        return tree.Apply(back) ?? new Refusal("root_after", "not the root that the body leads to");
    }

    private sealed class Reversed(LeafBatch batch) : ILeafSink
    {
        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => batch.Take(key, after, before);
    }

    private sealed class SupplySink(SegmentEvents events) : ILeafSink
    {
        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => events.TakeLeaf(key, after);
    }
}
