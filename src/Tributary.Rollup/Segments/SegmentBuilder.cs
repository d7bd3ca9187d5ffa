using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
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
    private readonly List<ForcedPost> _posts = [];
    private Checkpoint _start;
    private bool _closed;

    /// <summary>Opens a segment on a state and its tree.</summary>
    public SegmentBuilder(SegmentContext context, FinanceEngine engine, StateTree tree)
    {
        (_context, _engine, _tree) = (context, engine, tree);
        _start = engine.State.Mark();
        _memory = new SegmentMemory(engine.State);
        _planner = new OperationPlanner(context.Height, _memory);
    }

    /// <summary>Numbers of shown leaves and instructions so far, of at most <see cref="SegmentBody.MaxOperations"/>.</summary>
    internal int Numbers => _memory.Numbers;

    /// <summary>Operations so far.</summary>
    public int Count => _operations.Count;

    /// <summary>Signatures so far: what most of a proof's work goes into.</summary>
    public int Signatures => _memory.Witness.Signatures.Count;

    /// <summary>
    /// Consumes the next post of the forced queue, whatever it holds; posts come before operations.
    /// </summary>
    /// <returns>What became of it; null where the segment has no room left, and then nothing has changed.</returns>
    public Outcome? TryConsume(ForcedPost post)
    {
        if (_closed || _operations.Count > 0)
            throw new InvalidOperationException("Posts are consumed before the first operation of a segment.");
        if (post.Number != _context.Forced.Cursor + (ulong)_posts.Count || post.Height > _context.Height)
            throw new ArgumentException("Not the next post of the queue, or posted after the segment's time.", nameof(post));
        if (_posts.Count == SegmentBody.MaxPosts)
            return null;
        var mark = _engine.State.Mark();
        var trail = new LeafTrail();
        _engine.State.Watch = trail;
        var outcome = ForcedOperation.Consume(post, _context.Rollup, _engine);
        _engine.State.Watch = null;
        if (_memory.Numbers + trail.Keys.Count > SegmentBody.MaxOperations)
        {
            _engine.State.Undo(mark);
            return null;
        }

        _memory.Begin(mark);
        if (ForcedPlanner.Show(_memory, [.. trail.Keys.Select(key => (key, _memory.Show(key)))], _engine.State, outcome) is { } misfit)
            throw new InvalidOperationException($"The engine accepts what the planner does not: {misfit}");
        _memory.End();
        _posts.Add(post);
        return outcome;
    }

    /// <summary>Takes an operation with its signature, if it bears one; refused, it has changed nothing and does not stand in the segment.</summary>
    public Outcome Add(in OperationRequest request, ReadOnlySpan<byte> signature) => Add(request, signature, null);

    /// <summary>As the public one; a signature that was checked already, under the key that the account still has, is not checked again.</summary>
    internal Outcome Add(in OperationRequest request, ReadOnlySpan<byte> signature, CheckedSignature? known)
    {
        if (_closed)
            throw new InvalidOperationException("The segment is closed.");
        var message = default(TreeDigest);
        if ((OperationPlanner.Check(request) ?? CheckRoom(request) ?? CheckSignature(request, signature, known, out message)) is { } refusal)
            return new Outcome(refusal, false, []);
        var gap = request;
        if (request.Authorisation is { } authorisation)
            gap = request with { Authorisation = authorisation with { Index = authorisation.Index - Account(authorisation.Account).NextIndex } };
        var mark = _engine.State.Mark();
        var outcome = _engine.Apply(new OperationContext(_context.Height, SourceOf(request)), request);
        if (!outcome.IsAccepted)
            return outcome;
        _memory.Begin(mark);
        _memory.Message = message;
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
        return new Segment(
            _context, new SegmentBody(_context.Height, [.. _operations]) { Posts = _posts.Count }, [.. _posts], _memory.Events, before, after, _memory.Hints.ToArray(), _memory.Witness);
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

    private Refusal? CheckSignature(in OperationRequest request, ReadOnlySpan<byte> signature, CheckedSignature? known, out TreeDigest message)
    {
        message = default;
        if (request.Authorisation is not { } authorisation)
            return signature.IsEmpty ? null : new Refusal("signature", "this operation bears none");
        var account = Account(authorisation.Account);
        if (account.IsEmpty)
            return new Refusal("authorisation.account", $"{authorisation.Account} is not registered");
        if (authorisation.Index < account.NextIndex)
            return new Refusal("authorisation.index", $"spent: the next of {authorisation.Account} is {account.NextIndex}");
        var key = new XmssPublicKey(account.KeyRoot, account.Key);
        message = known?.Message ?? OperationDigest.Compute(_context.Rollup, request);
        return key == known?.Key ? null : XmssVerifier.Verify(key, authorisation.Index, message, signature);
    }
}
