using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Batches;

/// <summary>
/// The engine with the tree over its leaves, which move together: what was changed is either kept in both or taken back in both. One owner.
/// </summary>
public sealed class RollupLedger
{
    private RollupLedger(FinanceEngine engine, StateTree tree) => (Engine, Tree) = (engine, tree);

    /// <summary>The engine. Whoever applies to it calls <see cref="Commit"/> afterwards, or <see cref="Undo"/>.</summary>
    public FinanceEngine Engine { get; }

    /// <summary>The tree, as of the last commit.</summary>
    public StateTree Tree { get; }

    /// <summary>The root, as of the last commit.</summary>
    public TreeDigest Root => Tree.Root;

    /// <summary>The state that a rollup begins with: the operator's account and bitcoin.</summary>
    public static RollupLedger Genesis(Bytes32 operatorKeyRoot, KeyParameters operatorKey)
    {
        var modules = ModuleTable.Provable;
        var engine = new FinanceEngine(modules, FinanceEngine.Genesis(modules, operatorKeyRoot, operatorKey));
        return StateTree.Build(engine.State).TryGet(out var tree, out var refusal)
            ? new RollupLedger(engine, tree)
            : throw new InvalidOperationException($"The first state has no place in the tree: {refusal}");
    }

    /// <summary>The ledger of a state's encoding (<see cref="StateSnapshot"/>).</summary>
    public static Result<RollupLedger, Refusal> Load(ReadOnlySpan<byte> snapshot)
    {
        var modules = ModuleTable.Provable;
        if (!StateSnapshot.Read(modules.Leaves, snapshot).TryGet(out var state, out var refusal) || !StateTree.Build(state).TryGet(out var tree, out refusal))
            return refusal;
        return new RollupLedger(new FinanceEngine(modules, state), tree);
    }

    /// <summary>Where to come back to.</summary>
    public Checkpoint Mark() => Engine.State.Mark();

    /// <summary>Is there such an account?</summary>
    public bool IsRegistered(AccountId account) => !Engine.State.Read(FinanceLeaves.Accounts, account.Value).IsEmpty;

    /// <summary>Moves the tree on by what the engine has changed since a mark.</summary>
    public void Commit(in Checkpoint since)
    {
        var batch = new LeafBatch();
        Engine.State.ReadChanges(since, batch);
        Apply(batch);
    }

    /// <summary>Takes back what the engine has changed since a mark; the tree had not moved.</summary>
    public void Undo(in Checkpoint to) => Engine.State.Undo(to);

    /// <summary>Takes back what was committed since a mark, in engine and tree.</summary>
    public void Revert(in Checkpoint to)
    {
        var batch = new LeafBatch();
        Engine.State.ReadChanges(to, new Backwards(batch));
        Engine.State.Undo(to);
        Apply(batch);
    }

    private void Apply(LeafBatch batch)
    {
        if (Tree.Apply(batch) is { } refusal)
            throw new InvalidOperationException($"The tree has no place for what the engine changed: {refusal}");
    }

    private sealed class Backwards(LeafBatch batch) : ILeafSink
    {
        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => batch.Take(key, after, before);
    }
}
