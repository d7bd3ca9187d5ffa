using Tributary.Finance.Engine;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>
/// What a forced post comes down to: the leaves that its outcome depends on, each shown as it stands before and after. The engine itself decides,
/// signature included, over a state that holds the shown leaves alone; the proof holds each of them against the root (docs/rollup/statement.md, section 6).
/// </summary>
internal static class ForcedPlanner
{
    /// <summary>Consumes a post over the leaves that a sink shows.</summary>
    public static Refusal? Plan(ForcedPost post, Bytes32 rollup, ISegmentSink sink)
    {
        var state = new FinanceState(ModuleTable.Provable.Leaves);
        var shown = new ShownLeaves(sink, state);
        state.Watch = shown;
        Outcome outcome;
        try
        {
            outcome = ForcedOperation.Consume(post, rollup, new FinanceEngine(ModuleTable.Provable, state));
        }
        catch (OverflowException)
        {
            // Shown leaves need not be those of any state: an asset of which there is less than somebody has breaks the engine's invariants.
            return new Refusal("leaves", "are shown as no state has them");
        }

        state.Watch = null;
        return shown.Refusal ?? Show(sink, shown.Leaves, state, outcome);
    }

    /// <summary>States the leaves that a post has looked at, with what they are now, and what it has brought about.</summary>
    public static Refusal? Show(ISegmentSink sink, IReadOnlyList<(LeafKey Key, byte[]? Before)> leaves, FinanceState state, in Outcome outcome)
    {
        foreach (var (key, before) in leaves)
        {
            if (sink.NextNumber() is not { } number)
                return new Refusal("segment", "full");
            sink.Write(number, key, before!, state.ReadBytes(key));
        }

        foreach (var what in outcome.Events.Where(SegmentEvents.IsListed))
            sink.Emit(what);
        return null;
    }

    /// <summary>Loads leaves into a state when they are first asked for. The first that is not shown, or is no leaf, is remembered as a refusal.</summary>
    private sealed class ShownLeaves(ISegmentSink sink, FinanceState state) : ILeafWatch
    {
        private readonly HashSet<LeafKey> _seen = [];

        public List<(LeafKey Key, byte[]? Before)> Leaves { get; } = [];

        public Refusal? Refusal { get; private set; }

        public void OnAccess(LeafKey key)
        {
            // A leaf without a place in the tree is empty in every state.
            if (Refusal is not null || !StateAddress.Find(key).IsOk || !_seen.Add(key))
                return;
            if (sink.Show(key) is not { } before || !LeafLayout.Fits(key.Kind, before) || (before.Length > 0 && !state.TryLoad(key, before)))
                Refusal = new Refusal($"{key.Kind}", $"leaf {key.Address} is not shown as it stands");
            else
                Leaves.Add((key, before));
        }
    }
}
