using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Merkle;
using Tributary.Proofs.Ntt;
using Tributary.Proofs.Transcripts;

namespace Tributary.Proofs.Fri;

/// <summary>
/// The commit phase of FRI (ePrint 2018/828 in the batched form of 2020/654 and 2024/1553): layer by layer the codeword is committed, folded by a
/// challenge, and joined by the codewords of the height it has come down to. Folding raises the shift of the domain to a power where the joining
/// codeword has the shift it began with; a scaled variable leaves the degree as it is, so codewords join by the number of the point.
/// One owner, who disposes it.
/// </summary>
internal sealed unsafe class FriProver<T> : IDisposable
    where T : unmanaged, IPackedField<T>
{
    private readonly List<CosetMatrix> _layers = [];
    private readonly List<MerkleTree> _trees = [];

    /// <summary>The commitments, in order.</summary>
    public IEnumerable<Bytes32> Roots => _trees.Select(tree => tree.Root);

    /// <summary>The coefficients that remain.</summary>
    public Extension[] Final { get; private set; } = [];

    /// <summary>
    /// Folds the codewords of all heights into one short polynomial. They stay the caller's. <paramref name="inverses"/> are the transform factors of
    /// the tallest trace domain backwards.
    /// </summary>
    public void Commit(
        FriSchedule schedule,
        IReadOnlyDictionary<int, CosetMatrix> codewords,
        Twiddles inverses,
        Transcript transcript,
        Packing packing,
        Workers workers)
    {
        var current = codewords[schedule.LogHeights[0]];
        var shift = KoalaBear.Generator;
        foreach (var round in schedule.Rounds)
        {
            var tree = MerkleTree.Build([Leaves(current, round)], packing, workers);
            _trees.Add(tree);
            transcript.Absorb("fri.layer", tree.Root);
            var challenge = transcript.ChallengeExtension("fri.fold");
            for (var step = 0; step < round.LogArity; step++)
            {
                var folded = Halve(current, shift, challenge, inverses, workers);
                if (step > 0)
                    current.Dispose();
                (current, shift, challenge) = (folded, shift * shift, challenge * challenge);
            }

            if (round.JoinsCodeword)
                Join(current, codewords[round.LogFolded], challenge, workers);
            _layers.Add(current);
        }

        Final = Interpolate(current, shift);
    }

    /// <summary>Appends, for each layer, the values that the queries need besides those they have, and the siblings.</summary>
    public void WriteOpenings(FriSchedule schedule, int logBlowup, int[] indices, ByteWriter writer)
    {
        for (var i = 0; i < schedule.Rounds.Count; i++)
        {
            var round = schedule.Rounds[i];
            var leaves = 1 << (round.LogFolded + logBlowup);
            var row = new KoalaBear[round.Arity * Extension.Degree];
            var known = indices.ToHashSet();
            indices = MerkleFrontier.Reduce(indices, leaves);
            foreach (var leaf in indices)
            {
                _trees[i].Sources[0].CopyRow(leaf, row);
                for (var t = 0; t < round.Arity; t++)
                {
                    if (known.Contains(leaf + (t * leaves)))
                        continue;
                    for (var k = 0; k < Extension.Degree; k++)
                        writer.WriteUInt32LittleEndian(row[(t * Extension.Degree) + k].Word);
                }
            }

            _trees[i].Open(indices, writer);
        }
    }

    public void Dispose()
    {
        foreach (var tree in _trees)
            tree.Dispose();
        foreach (var layer in _layers)
            layer.Dispose();
    }

    /// <summary>Leaf e joins the values at e + t·m, m the number of leaves: a coset of the group of order arity.</summary>
    private static MerkleSource Leaves(CosetMatrix codeword, FriRound round)
    {
        var domain = codeword.Domain;
        var step = domain.Height >> round.LogArity;
        var columns = new nint[domain.Blowup][];
        for (var coset = 0; coset < domain.Blowup; coset++)
        {
            columns[coset] = new nint[round.Arity * Extension.Degree];
            for (var t = 0; t < round.Arity; t++)
            {
                for (var k = 0; k < Extension.Degree; k++)
                    columns[coset][(t * Extension.Degree) + k] = (nint)(codeword.Column(coset, k) + (t * step));
            }
        }

        return new MerkleSource(domain.LogSize - round.LogArity, domain.LogBlowup, columns);
    }

    /// <summary>From f(x) = E(x²) + x·O(x²) to E + β·O: the sum of values at x and −x, halved, and β/2x times their difference.</summary>
    private static CosetMatrix Halve(CosetMatrix codeword, KoalaBear shift, Extension challenge, Twiddles inverses, Workers workers)
    {
        var domain = codeword.Domain;
        var half = domain.Height / 2;
        var result = new CosetMatrix(Extension.Degree, domain with { LogHeight = domain.LogHeight - 1 }, workers.Memory);
        var root = KoalaBear.TwoAdicGenerator(domain.LogSize);
        workers.For(domain.Blowup, (_, coset) =>
        {
            var factor = challenge * (shift * root.Power((ulong)coset) * 2).Inverse();
            if (half % T.Width == 0)
                HalveCoset<T>(codeword, result, coset, half, factor, inverses.Words + half);
            else
                HalveCoset<PackedScalar>(codeword, result, coset, half, factor, inverses.Words + half);
        });
        return result;
    }

    private static void HalveCoset<TPacked>(CosetMatrix codeword, CosetMatrix result, int coset, int half, Extension factor, uint* inversePoints)
        where TPacked : unmanaged, IPackedField<TPacked>
    {
        var source = codeword.Coset(coset);
        var target = result.Coset(coset);
        var broadcast = Broadcast<TPacked>(factor);
        for (var row = 0; row < half; row += TPacked.Width)
        {
            var left = BatchInversion.Load<TPacked>(source + row, codeword.Stride);
            var right = BatchInversion.Load<TPacked>(source + half + row, codeword.Stride);
            var sum = left + right;
            var even = new Quintic<TPacked>(
                TPacked.DivideByPowerOfTwo(sum.C0, 1),
                TPacked.DivideByPowerOfTwo(sum.C1, 1),
                TPacked.DivideByPowerOfTwo(sum.C2, 1),
                TPacked.DivideByPowerOfTwo(sum.C3, 1),
                TPacked.DivideByPowerOfTwo(sum.C4, 1));
            var odd = (left - right) * TPacked.Load(inversePoints + row);
            BatchInversion.Store(target + row, result.Stride, even + (broadcast * odd));
        }
    }

    private static void Join(CosetMatrix folded, CosetMatrix codeword, Extension weight, Workers workers)
    {
        var height = folded.Domain.Height;
        workers.For(folded.Domain.Blowup, (_, coset) =>
        {
            var broadcast = Broadcast<T>(weight);
            var target = folded.Coset(coset);
            var source = codeword.Coset(coset);
            for (var row = 0; row < height; row += T.Width)
            {
                var joined = BatchInversion.Load<T>(target + row, folded.Stride) + (broadcast * BatchInversion.Load<T>(source + row, codeword.Stride));
                BatchInversion.Store(target + row, folded.Stride, joined);
            }
        });
    }

    private static Extension[] Interpolate(CosetMatrix codeword, KoalaBear shift)
    {
        var domain = codeword.Domain;
        using var twiddles = new Twiddles(domain.LogHeight, shift, inverse: true);
        using var scratch = new FieldBuffer(NttKernel<T>.ScratchLength(domain.LogHeight) + ColumnMatrix.Padding);
        using var coefficients = new FieldBuffer(Extension.Degree * (long)domain.Height);
        for (var k = 0; k < Extension.Degree; k++)
            LowDegreeExtension.Inverse<T>(codeword.Column(0, k), coefficients.Words + (k * domain.Height), domain.LogHeight, twiddles, scratch.Words);
        var result = new Extension[domain.Height];
        for (var i = 0; i < domain.Height; i++)
            result[ReverseBits(i, domain.LogHeight)] = BatchInversion.LoadOne(coefficients.Words + i, domain.Height);
        return result;
    }

    private static int ReverseBits(int value, int bits)
    {
        var result = 0;
        for (var i = 0; i < bits; i++)
            result |= ((value >> i) & 1) << (bits - 1 - i);
        return result;
    }

    private static Quintic<TPacked> Broadcast<TPacked>(Extension value)
        where TPacked : unmanaged, IPackedField<TPacked> =>
        new(
            TPacked.FromBase(value.C0),
            TPacked.FromBase(value.C1),
            TPacked.FromBase(value.C2),
            TPacked.FromBase(value.C3),
            TPacked.FromBase(value.C4));
}
