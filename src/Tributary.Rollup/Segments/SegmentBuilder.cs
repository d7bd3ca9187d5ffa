using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Results;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>
/// Carries operations out, on the engine and step by step as a proof does, and holds the two against each other leaf by leaf. One owner, who owns engine
/// and tree as well while a segment is open.
/// </summary>
public sealed class SegmentBuilder
{
    private readonly SegmentContext _context;
    private readonly FinanceEngine _engine;
    private readonly StateTree _tree;
    private readonly SegmentMemory _memory;
    private readonly OperationPlanner _planner;
    private readonly List<OperationRequest> _operations = [];
    private Checkpoint _start;
    private bool _closed;

    /// <summary>Opens a segment on a state and its tree.</summary>
    public SegmentBuilder(SegmentContext context, FinanceEngine engine, StateTree tree)
    {
        (_context, _engine, _tree) = (context, engine, tree);
        _start = engine.State.Mark();
        _memory = new SegmentMemory(context.Rollup, engine.State);
        _planner = new OperationPlanner(context.Height, _memory);
    }

    /// <summary>Operations so far.</summary>
    public int Count => _operations.Count;

    /// <summary>Signatures so far: what most of a proof's work goes into.</summary>
    public int Signatures => _memory.Witness.Signatures.Count;

    /// <summary>Takes an operation with its signature, if it bears one; refused, it has changed nothing and does not stand in the segment.</summary>
    public Outcome Add(in OperationRequest request, ReadOnlySpan<byte> signature) => Add(request, signature, null);

    /// <summary>As the public one; a signature that was checked already, under the key that the account still has, is not checked again.</summary>
    internal Outcome Add(in OperationRequest request, ReadOnlySpan<byte> signature, XmssPublicKey? checkedUnder)
    {
        if (_closed)
            throw new InvalidOperationException("The segment is closed.");
        if ((OperationPlanner.Check(request) ?? CheckRoom(request) ?? CheckSignature(request, signature, checkedUnder)) is { } refusal)
            return new Outcome(refusal, false, []);
        var gap = request;
        if (request.Authorisation is { } authorisation)
            gap = request with { Authorisation = authorisation with { Index = authorisation.Index - Account(authorisation.Account).NextIndex } };
        var mark = _engine.State.Mark();
        var outcome = _engine.Apply(new OperationContext(_context.Height, SourceOf(request)), request);
        if (!outcome.IsAccepted)
            return outcome;
        _memory.Begin(mark);
        if (_planner.Plan(gap) is { } misfit)
            throw new InvalidOperationException($"The engine accepts what the planner does not: {misfit}");
        _memory.End();
        if (request.Authorisation is not null)
            _memory.Sign(request, signature);
        _operations.Add(gap);
        return outcome;
    }

    /// <summary>Closes the segment: the tree moves on to the state after it.</summary>
    public Segment Close()
    {
        if (_closed)
            throw new InvalidOperationException("The segment is closed.");
        _closed = true;
        var before = _tree.Root;
        var after = new WitnessTree(_memory.Witness, _tree).Build([.. _memory.Leaves.OrderBy(static leaf => leaf.Index)]);
        var batch = new LeafBatch();
        _engine.State.ReadChanges(_start, batch);
        if (_tree.Apply(batch) is { } refusal)
            throw new InvalidOperationException($"The tree has no place for what the segment changed: {refusal}");
        if (_tree.Root != after)
            throw new InvalidOperationException("The witness leads to another root than the state.");
        _start = default;
        return new Segment(_context, new SegmentBody(_context.Height, [.. _operations]), _memory.Events, before, after, _memory.Hints.ToArray(), _memory.Witness);
    }

    /// <summary>How an operation of a body comes to the engine: it follows from the operation.</summary>
    internal static OperationSource SourceOf(in OperationRequest request) =>
        request is { Authorisation: null, Operation.Code: OperationCode.Deposit or OperationCode.RegisterAccount }
            ? OperationSource.System
            : OperationSource.Sequencer;

    private Finance.Accounts.AccountLeaf Account(AccountId account) => _engine.State.Read(FinanceLeaves.Accounts, account.Value);

    private Refusal? CheckRoom(in OperationRequest request) =>
        _operations.Count >= SegmentBody.MaxOperations || _memory.Numbers + OperationPlanner.NumbersAtMost(request.Operation) > SegmentBody.MaxOperations
            ? new Refusal("segment", "full")
            : null;

    private Refusal? CheckSignature(in OperationRequest request, ReadOnlySpan<byte> signature, XmssPublicKey? checkedUnder)
    {
        if (request.Authorisation is not { } authorisation)
            return signature.IsEmpty ? null : new Refusal("signature", "this operation bears none");
        var account = Account(authorisation.Account);
        if (account.IsEmpty)
            return new Refusal("authorisation.account", $"{authorisation.Account} is not registered");
        if (authorisation.Index < account.NextIndex)
            return new Refusal("authorisation.index", $"spent: the next of {authorisation.Account} is {account.NextIndex}");
        var key = new XmssPublicKey(account.KeyRoot, account.Key);
        return key == checkedUnder ? null : XmssVerifier.Verify(key, authorisation.Index, OperationDigest.Compute(_context.Rollup, request), signature);
    }
}
