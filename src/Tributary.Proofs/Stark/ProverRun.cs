using Tributary.Primitives.Bytes;
using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Fri;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Merkle;
using Tributary.Proofs.Ntt;
using Tributary.Proofs.Transcripts;

namespace Tributary.Proofs.Stark;

/// <summary>One run of the prover: the rounds of the protocol in order, and the memory that they share.</summary>
internal sealed unsafe class ProverRun<T> : IDisposable
    where T : unmanaged, IPackedField<T>
{
    private readonly ProvingKey _key;
    private readonly Statement _statement;
    private readonly IReadOnlyList<ColumnMatrix> _traces;
    private readonly ProverOptions _options;
    private readonly ProverHooks _hooks;
    private readonly CancellationToken _cancellationToken;
    private readonly Workers _workers;
    private readonly ProofLayout _layout;
    private readonly Transcript _transcript;
    private readonly ByteWriter _proof = new(1 << 20);
    private readonly Dictionary<int, TransformTables> _tables = [];
    private readonly Dictionary<(TreeKind, int), CosetMatrix> _matrices = [];
    private readonly Dictionary<TreeKind, MerkleTree> _trees = [];
    private readonly FieldBuffer[] _publics;
    private readonly Extension[] _totals;
    private readonly Dictionary<int, CosetMatrix> _codewords = [];
    private readonly ProverMemory? _ownMemory;
    private LookupChallenges? _challenges;

    public ProverRun(
        ProvingKey key,
        Statement statement,
        IReadOnlyList<ColumnMatrix> traces,
        ProverOptions options,
        ProverHooks hooks,
        CancellationToken cancellationToken)
    {
        (_key, _statement, _traces, _options, _hooks, _cancellationToken) = (key, statement, traces, options, hooks, cancellationToken);
        _ownMemory = options.Memory is null ? new ProverMemory() : null;
        _workers = new Workers(options.Threads, options.Memory ?? _ownMemory);
        _layout = new ProofLayout(key.Machine, key.Parameters, [.. traces.Select(trace => trace.LogHeight)]);
        _transcript = new Transcript { SkippedEntry = hooks.SkippedEntry };
        _totals = new Extension[traces.Count];
        _publics = [.. statement.PublicValues.Select(CopyPublics)];
        foreach (var logHeight in _layout.Schedule.LogHeights)
            _tables[logHeight] = new TransformTables(new EvaluationDomain(logHeight, key.Parameters.LogBlowup), _workers.Memory);
    }

    private Machine Machine => _key.Machine;

    public byte[] Prove()
    {
        ProofHeader.Write(_proof, _key.VerifyingKey, _layout.LogHeights);
        ProofHeader.Absorb(_transcript, _key.VerifyingKey, _statement, _layout.LogHeights);
        CommitMain();
        Report("trace", 0.45);
        CommitLookup();
        Report("lookup", 0.55);
        var alpha = CommitQuotient();
        Report("quotient", 0.8);
        var fri = OpenOutOfDomain(alpha);
        using (fri)
        {
            Report("openings", 0.97);
            OpenQueries(fri);
        }

        Report("queries", 1);
        return _proof.ToArray();
    }

    public void Dispose()
    {
        foreach (var table in _tables.Values)
            table.Dispose();
        foreach (var ((tree, _), matrix) in _matrices)
        {
            if (tree != TreeKind.Preprocessed)
                matrix.Dispose();
        }

        foreach (var codeword in _codewords.Values)
            codeword.Dispose();
        foreach (var (kind, tree) in _trees)
        {
            if (kind != TreeKind.Preprocessed)
                tree.Dispose();
        }

        foreach (var buffer in _publics)
            buffer.Dispose();
        _ownMemory?.Dispose();
    }

    private void CommitMain()
    {
        for (var table = 0; table < Machine.Tables.Count; table++)
        {
            _traces[table].WrapRows();
            _matrices[(TreeKind.Main, table)] = LowDegreeExtension.Extend<T>(_traces[table], Tables(table), _workers);
            _hooks.Extended?.Invoke(table, _matrices[(TreeKind.Main, table)]);
            if (_key.Preprocessed(table) is { } preprocessed)
                _matrices[(TreeKind.Preprocessed, table)] = preprocessed;
            _cancellationToken.ThrowIfCancellationRequested();
        }

        if (_key.Tree is { } tree)
            _trees[TreeKind.Preprocessed] = tree;
        Commit(TreeKind.Main, "main");
    }

    private void CommitLookup()
    {
        if (!_layout.Trees.Contains(TreeKind.Lookup))
            return;
        var gamma = _transcript.ChallengeExtension("lookup.gamma");
        var beta = _transcript.ChallengeExtension("lookup.beta");
        _challenges = new LookupChallenges(gamma, beta, Machine.Buses.Max(bus => bus.Width));
        foreach (var place in _layout.InTree(TreeKind.Lookup))
        {
            var table = place.Table;
            using var columns = LookupStage<T>.Build(
                Machine.Tables[table],
                _traces[table],
                _key.PreprocessedTrace(table),
                _publics[table].Words,
                _challenges,
                _workers,
                out _totals[table]);
            _hooks.Lookup?.Invoke(table, columns, _challenges);
            _matrices[(TreeKind.Lookup, table)] = LowDegreeExtension.Extend<T>(columns, Tables(table), _workers);
            _cancellationToken.ThrowIfCancellationRequested();
        }

        _hooks.Totals?.Invoke(_totals, _challenges);
        Commit(TreeKind.Lookup, "lookup");
        Extension[] totals = [.. _layout.InTree(TreeKind.Lookup).Select(place => _totals[place.Table])];
        WriteExtensions(totals);
        _transcript.Absorb("totals", totals);
    }

    private Extension CommitQuotient()
    {
        var alpha = _transcript.ChallengeExtension("constraints");
        for (var table = 0; table < Machine.Tables.Count; table++)
        {
            var shape = Machine.Tables[table];
            var challenges = _challenges ?? new LookupChallenges(Extension.Zero, Extension.Zero, 1);
            using var memory = new LookupMemory(shape, challenges, _totals[table] * KoalaBear.InversePowerOfTwo(_layout.LogHeights[table]));
            using var coefficients = QuotientStage<T>.Build(
                shape,
                _matrices[(TreeKind.Main, table)],
                _key.Preprocessed(table),
                _matrices.GetValueOrDefault((TreeKind.Lookup, table)),
                _publics[table].Words,
                memory.Columns,
                alpha,
                Tables(table),
                _workers);
            _hooks.Quotient?.Invoke(table, coefficients, alpha);
            _matrices[(TreeKind.Quotient, table)] = LowDegreeExtension.ExtendCoefficients<T>(coefficients, Tables(table), _workers);
            _cancellationToken.ThrowIfCancellationRequested();
        }

        Commit(TreeKind.Quotient, "quotient");
        return alpha;
    }

    private FriProver<T> OpenOutOfDomain(Extension alpha)
    {
        var point = _transcript.ChallengeOutOfDomain("point");
        var openings = new Extension[_layout.Openings];
        var stages = _layout.Schedule.LogHeights.ToDictionary(logHeight => logHeight, logHeight => new OpeningStage<T>(_tables[logHeight], point, _workers));
        try
        {
            foreach (var place in _layout.Matrices)
            {
                stages[place.LogHeight].Evaluate(
                    Matrix(place),
                    place.NextColumns,
                    openings.AsSpan(place.FirstOpening, place.Width),
                    openings.AsSpan(place.FirstNextOpening, place.NextColumns.Count));
            }

            _cancellationToken.ThrowIfCancellationRequested();
            _hooks.Openings?.Invoke(openings, point, alpha);
            WriteExtensions(openings);
            _transcript.Absorb("openings", openings);
            Grind("batch.work", _key.Parameters.BatchGrindingBits, _hooks.BatchNonce);
            var weights = ExtensionField.Powers(_transcript.ChallengeExtension("batch"), openings.Length);
            foreach (var (logHeight, stage) in stages)
            {
                var group = _layout.Matrices.Where(place => place.LogHeight == logHeight).Select(place => (place, Matrix(place))).ToArray();
                _codewords[logHeight] = stage.DeepQuotient(group, openings, weights, _hooks.DeepQuotient);
                _cancellationToken.ThrowIfCancellationRequested();
            }

            return CommitFri();
        }
        finally
        {
            foreach (var stage in stages.Values)
                stage.Dispose();
        }
    }

    private FriProver<T> CommitFri()
    {
        var schedule = _layout.Schedule;
        var fri = new FriProver<T>();
        fri.Commit(schedule, _codewords, _tables[_layout.LogMaxHeight].TraceInverse, _transcript, _options.Packing, _workers);
        foreach (var root in fri.Roots)
            _proof.WriteBytes32(root);
        _hooks.Final?.Invoke(fri.Final);
        WriteExtensions(fri.Final);
        _transcript.Absorb("fri.final", fri.Final);
        return fri;
    }

    private void OpenQueries(FriProver<T> fri)
    {
        Grind("query.work", _key.Parameters.QueryGrindingBits, _hooks.QueryNonce);
        var drawn = _transcript.ChallengeIndices("queries", _key.Parameters.Queries, _layout.LogMaxSize);
        if (_hooks.Indices is { } change)
            drawn = change(drawn);
        var indices = MerkleFrontier.Reduce(drawn, 1 << _layout.LogMaxSize);
        foreach (var kind in _layout.Trees)
        {
            var tree = _trees[kind];
            tree.WriteOpening(MerkleFrontier.Reduce(indices, 1 << tree.LogSize), _proof);
        }

        fri.WriteOpenings(_layout.Schedule, _key.Parameters.LogBlowup, indices, _proof);
    }

    private void Commit(TreeKind kind, string label)
    {
        var tree = _trees[kind] = MerkleTree.Build(_layout.InTree(kind).Select(Matrix), _options.Packing, _workers);
        _proof.WriteBytes32(tree.Root);
        _transcript.Absorb(label, tree.Root);
        _cancellationToken.ThrowIfCancellationRequested();
    }

    private void Grind(string label, int bits, Func<ulong, ulong>? change)
    {
        var nonce = ProofOfWork.Find(_transcript.ChallengeSeed(label), bits, _options.Packing);
        nonce = change?.Invoke(nonce) ?? nonce;
        _proof.WriteUInt64LittleEndian(nonce);
        _transcript.Absorb(label, nonce);
    }

    private CosetMatrix Matrix(CommittedMatrix place) => _matrices[(place.Tree, place.Table)];

    private TransformTables Tables(int table) => _tables[_layout.LogHeights[table]];

    private void WriteExtensions(ReadOnlySpan<Extension> values)
    {
        Span<byte> bytes = stackalloc byte[ExtensionField.ByteLength];
        foreach (var value in values)
        {
            ExtensionField.Write(value, bytes);
            _proof.WriteBytes(bytes);
        }
    }

    private void Report(string stage, double share)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _options.Progress?.Report(new ProverProgress(stage, share));
    }

    private static FieldBuffer CopyPublics(IReadOnlyList<KoalaBear> values)
    {
        var buffer = new FieldBuffer(values.Count);
        for (var i = 0; i < values.Count; i++)
            buffer.Words[i] = values[i].Word;
        return buffer;
    }
}
