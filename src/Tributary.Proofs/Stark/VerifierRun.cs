using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Fri;
using Tributary.Proofs.Merkle;
using Tributary.Proofs.Ntt;
using Tributary.Proofs.Transcripts;

namespace Tributary.Proofs.Stark;

/// <summary>One run of the verifier behind the header: reads the proof once, from front to back.</summary>
internal ref struct VerifierRun(VerifyingKey key, Statement statement, ProofLayout layout, SpanReader reader)
{
    private readonly Transcript _transcript = new();
    private readonly Dictionary<TreeKind, Bytes32> _roots = [];
    private readonly Extension[] _totals = new Extension[layout.LogHeights.Count];
    private SpanReader _reader = reader;
    private LookupChallenges? _challenges;
    private Extension _alpha;
    private Extension _point;
    private Extension[] _openings = [];
    private Extension[] _weights = [];

    private readonly Machine Machine => key.Machine;

    /// <summary>The first fault, or null.</summary>
    public Refusal? Check()
    {
        ProofHeader.Absorb(_transcript, key, statement, layout.LogHeights);
        return ReadCommitments() ?? CheckTotals() ?? CheckConstraints() ?? CheckLowDegree();
    }

    private Refusal? ReadCommitments()
    {
        if (key.Machine.Tables.Any(table => table.Air.PreprocessedWidth > 0))
            _roots[TreeKind.Preprocessed] = key.PreprocessedRoot;
        if (ReadRoot(TreeKind.Main, "main") is { } main)
            return main;
        if (layout.Trees.Contains(TreeKind.Lookup))
        {
            var gamma = _transcript.ChallengeExtension("lookup.gamma");
            var beta = _transcript.ChallengeExtension("lookup.beta");
            _challenges = new LookupChallenges(gamma, beta, Machine.Buses.Max(bus => bus.Width));
            if (ReadRoot(TreeKind.Lookup, "lookup") is { } lookup)
                return lookup;
            var places = layout.InTree(TreeKind.Lookup).ToArray();
            if (!TryReadExtensions(places.Length, out var totals))
                return new Refusal("totals", "cut short, or no canonical field elements");
            for (var i = 0; i < places.Length; i++)
                _totals[places[i].Table] = totals[i];
            _transcript.Absorb("totals", totals);
        }

        _alpha = _transcript.ChallengeExtension("constraints");
        if (ReadRoot(TreeKind.Quotient, "quotient") is { } quotient)
            return quotient;
        _point = _transcript.ChallengeOutOfDomain("point");
        if (!TryReadExtensions(layout.Openings, out _openings))
            return new Refusal("openings", "cut short, or no canonical field elements");
        _transcript.Absorb("openings", _openings);
        return null;
    }

    /// <summary>All fractions on all buses, those of the statement included, add up to zero.</summary>
    private readonly Refusal? CheckTotals()
    {
        if (_challenges is null)
            return null;
        var sum = Extension.Zero;
        foreach (var total in _totals)
            sum += total;
        var fingerprints = new Extension[statement.Messages.Count];
        for (var i = 0; i < fingerprints.Length; i++)
        {
            fingerprints[i] = _challenges.Fingerprint(statement.Messages[i].Bus, [.. statement.Messages[i].Elements]);
            if (fingerprints[i] == Extension.Zero)
                return new Refusal("totals", "a challenge hit the fingerprint of a message");
        }

        BatchInversion.InvertInPlace(fingerprints);
        for (var i = 0; i < fingerprints.Length; i++)
            sum = statement.Messages[i].IsSend ? sum + fingerprints[i] : sum - fingerprints[i];
        return sum == Extension.Zero ? null : new Refusal("totals", "what is sent on the buses is not what is received");
    }

    /// <summary>For each table Σ αⁱ·Cᵢ(ζ) = (ζⁿ − 1)·Σ ζ^(jn)·Qⱼ(ζ).</summary>
    private readonly Refusal? CheckConstraints()
    {
        for (var table = 0; table < Machine.Tables.Count; table++)
        {
            var shape = Machine.Tables[table];
            var logHeight = layout.LogHeights[table];
            var pointPower = _point.PowerOfTwo(logHeight);
            var share = _totals[table] * KoalaBear.InversePowerOfTwo(logHeight);
            var challenges = _challenges ?? new LookupChallenges(Extension.Zero, Extension.Zero, 1);
            var builder = new OutOfDomainBuilder(shape, Opening(table), [.. statement.PublicValues[table]], challenges, _alpha, share);
            shape.Air.Evaluate<OutOfDomainBuilder, Extension>(ref builder);

            var quotient = Extension.Zero;
            var chunks = Joined(layout.Find(TreeKind.Quotient, table)!);
            for (var chunk = chunks.Length - 1; chunk >= 0; chunk--)
                quotient = (quotient * pointPower) + chunks[chunk];
            if (builder.Sum != quotient * (pointPower - KoalaBear.One))
                return new Refusal($"constraints[{table}]", $"table {shape.Air.Name} does not satisfy its constraints");
        }

        return null;
    }

    private readonly TableOpening Opening(int table)
    {
        var domain = new EvaluationDomain(layout.LogHeights[table], 0);
        var lastPoint = domain.TraceGenerator.Inverse();
        var vanishing = (_point.PowerOfTwo(domain.LogHeight) - KoalaBear.One) * KoalaBear.InversePowerOfTwo(domain.LogHeight);
        var preprocessed = layout.Find(TreeKind.Preprocessed, table);
        var main = layout.Find(TreeKind.Main, table);
        var lookup = layout.Find(TreeKind.Lookup, table);
        return new TableOpening
        {
            Preprocessed = At(preprocessed),
            PreprocessedNext = AtNext(preprocessed),
            Main = At(main),
            Next = AtNext(main),
            Lookup = lookup is null ? [] : Joined(lookup),
            LookupNext = lookup is null ? Extension.Zero : Join(AtNext(lookup)),
            IsFirstRow = vanishing * (_point - KoalaBear.One).Inverse(),
            IsLastRow = vanishing * ((_point * domain.TraceGenerator) - KoalaBear.One).Inverse(),
            IsTransition = _point - lastPoint,
        };
    }

    private Refusal? CheckLowDegree()
    {
        if (ReadWork("batch.work", key.Parameters.BatchGrindingBits) is { } batchWork)
            return batchWork;
        _weights = ExtensionField.Powers(_transcript.ChallengeExtension("batch"), layout.Openings);
        var roots = new Bytes32[layout.Schedule.Rounds.Count];
        var challenges = new Extension[roots.Length];
        for (var i = 0; i < roots.Length; i++)
        {
            if (!_reader.TryReadBytes32(out roots[i]))
                return new Refusal($"fri.layers[{i}]", "cut short");
        }

        for (var i = 0; i < roots.Length; i++)
        {
            _transcript.Absorb("fri.layer", roots[i]);
            challenges[i] = _transcript.ChallengeExtension("fri.fold");
        }

        if (!TryReadExtensions(1 << layout.Schedule.LogFinal, out var final))
            return new Refusal("fri.final", "cut short, or no canonical field elements");
        _transcript.Absorb("fri.final", final);
        if (ReadWork("query.work", key.Parameters.QueryGrindingBits) is { } queryWork)
            return queryWork;
        var drawn = _transcript.ChallengeIndices("queries", key.Parameters.Queries, layout.LogMaxSize);
        var indices = MerkleFrontier.Reduce(drawn, 1 << layout.LogMaxSize);
        if (ReadOpenings(indices, out var groups) is { } openings)
            return openings;
        var codewords = layout.Schedule.LogHeights.ToDictionary(logHeight => logHeight, logHeight => Array.Empty<Extension>());
        foreach (var logHeight in layout.Schedule.LogHeights)
            codewords[logHeight] = DeepQuotients(logHeight, groups);
        var fri = new FriVerifier(layout.Schedule, key.Parameters.LogBlowup, roots, challenges, final);
        return fri.Check(indices, codewords, ref _reader)
            ?? (_reader.IsAtEnd ? null : new Refusal("end", $"{_reader.Remaining} bytes behind the proof"));
    }

    /// <summary>Reads, oracle by oracle, the rows at the queried points and checks them against the commitment.</summary>
    private Refusal? ReadOpenings(int[] indices, out Dictionary<(TreeKind, int), MerkleGroup> result)
    {
        result = [];
        foreach (var tree in layout.Trees)
        {
            var name = tree.ToString().ToLowerInvariant();
            var heights = layout.InTree(tree).GroupBy(place => place.LogHeight).OrderByDescending(group => group.Key).ToArray();
            var groups = new MerkleGroup[heights.Length];
            for (var i = 0; i < heights.Length; i++)
            {
                var logSize = heights[i].Key + key.Parameters.LogBlowup;
                var points = MerkleFrontier.Reduce(indices, 1 << logSize);
                var width = heights[i].Sum(place => place.Width);
                if (!TryReadRows(points.Length * width, out var rows))
                    return new Refusal($"queries.{name}.rows", "cut short, or no canonical field elements");
                result[(tree, heights[i].Key)] = groups[i] = new MerkleGroup(logSize, width, points, rows);
            }

            if (!MerkleVerifier.TryVerify(_roots[tree], groups, ref _reader))
                return new Refusal($"queries.{name}.path", "the rows do not hash to the commitment");
        }

        return null;
    }

    /// <summary>Σ αᵏ(fₖ(x) − yₖ)/(x − zₖ) over the matrices of one height at each queried point.</summary>
    private readonly Extension[] DeepQuotients(int logHeight, Dictionary<(TreeKind, int), MerkleGroup> groups)
    {
        var domain = new EvaluationDomain(logHeight, key.Parameters.LogBlowup);
        var places = layout.Matrices.Where(place => place.LogHeight == logHeight).ToArray();
        Extension claimed = Extension.Zero, claimedNext = Extension.Zero;
        foreach (var place in places)
        {
            for (var k = place.FirstOpening; k < place.FirstOpening + place.Openings; k++)
            {
                var term = _weights[k] * _openings[k];
                if (k < place.FirstNextOpening)
                    claimed += term;
                else
                    claimedNext += term;
            }
        }

        var points = groups[(places[0].Tree, logHeight)].Points;
        var inverses = new Extension[2 * points.Length];
        for (var i = 0; i < points.Length; i++)
        {
            var x = new Extension(domain.Point(points[i]));
            inverses[2 * i] = x - _point;
            inverses[(2 * i) + 1] = x - (_point * domain.TraceGenerator);
        }

        BatchInversion.InvertInPlace(inverses);
        var result = new Extension[points.Length];
        for (var i = 0; i < points.Length; i++)
        {
            Extension sum = -claimed, next = -claimedNext;
            AddRows(places, groups, i, ref sum, ref next);
            result[i] = (sum * inverses[2 * i]) + (next * inverses[(2 * i) + 1]);
        }

        return result;
    }

    private readonly void AddRows(CommittedMatrix[] places, Dictionary<(TreeKind, int), MerkleGroup> groups, int point, ref Extension sum, ref Extension next)
    {
        var (tree, offset) = (TreeKind.Preprocessed, 0);
        foreach (var place in places)
        {
            if (place.Tree != tree)
                (tree, offset) = (place.Tree, 0);
            var row = groups[(tree, place.LogHeight)].Row(point).Slice(offset, place.Width);
            sum += ExtensionField.InnerProduct(_weights.AsSpan(place.FirstOpening, place.Width), row);
            for (var i = 0; i < place.NextColumns.Count; i++)
                next += _weights[place.FirstNextOpening + i] * row[place.NextColumns[i]];
            offset += place.Width;
        }
    }

    private Refusal? ReadRoot(TreeKind tree, string label)
    {
        if (!_reader.TryReadBytes32(out var root))
            return new Refusal(label, "cut short");
        _roots[tree] = root;
        _transcript.Absorb(label, root);
        return null;
    }

    private Refusal? ReadWork(string label, int bits)
    {
        var seed = _transcript.ChallengeSeed(label);
        if (!_reader.TryReadUInt64LittleEndian(out var nonce) || !ProofOfWork.IsValid(seed, nonce, bits))
            return new Refusal(label, $"the nonce lacks {bits} bits of work");
        _transcript.Absorb(label, nonce);
        return null;
    }

    private bool TryReadExtensions(int count, out Extension[] values)
    {
        values = [];
        if (_reader.Remaining < (long)count * ExtensionField.ByteLength)
            return false;
        values = new Extension[count];
        for (var i = 0; i < count; i++)
        {
            if (!_reader.TryReadBytes(ExtensionField.ByteLength, out var bytes) || !ExtensionField.TryRead(bytes, out values[i]))
                return false;
        }

        return true;
    }

    private bool TryReadRows(int count, out KoalaBear[] values)
    {
        values = [];
        if (_reader.Remaining < (long)count * KoalaBear.ByteLength)
            return false;
        values = new KoalaBear[count];
        for (var i = 0; i < count; i++)
        {
            if (!_reader.TryReadUInt32LittleEndian(out var word) || !KoalaBear.TryFromWord(word, out values[i]))
                return false;
        }

        return true;
    }

    private readonly Extension[] At(CommittedMatrix? place) => place is null ? [] : _openings[place.FirstOpening..place.FirstNextOpening];

    private readonly Extension[] AtNext(CommittedMatrix? place) =>
        place is null ? [] : _openings[place.FirstNextOpening..(place.FirstOpening + place.Openings)];

    /// <summary>The values of extension columns, of which each five base columns are the coordinates.</summary>
    private readonly Extension[] Joined(CommittedMatrix place)
    {
        var coordinates = At(place);
        var result = new Extension[place.Width / Extension.Degree];
        for (var i = 0; i < result.Length; i++)
            result[i] = Join(coordinates.AsSpan(i * Extension.Degree, Extension.Degree));
        return result;
    }

    private static Extension Join(ReadOnlySpan<Extension> coordinates)
    {
        var result = Extension.Zero;
        for (var k = Extension.Degree - 1; k >= 0; k--)
            result = (result * Extension.X) + coordinates[k];
        return result;
    }
}
