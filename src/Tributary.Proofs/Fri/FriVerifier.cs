using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Merkle;

namespace Tributary.Proofs.Fri;

/// <summary>The query phase of FRI: follows every query from the codewords of the tallest tables down to the final polynomial.</summary>
internal sealed class FriVerifier(FriSchedule schedule, int logBlowup, Bytes32[] roots, Extension[] challenges, Extension[] final)
{
    /// <summary>
    /// Checks the folding at these points of the largest domain, sorted and distinct. For each height <paramref name="codewords"/> holds the values of
    /// its codeword at the residues of the points, in ascending order. Reads layer by layer the missing values of leaves and the siblings.
    /// </summary>
    public Refusal? Check(int[] indices, IReadOnlyDictionary<int, Extension[]> codewords, ref SpanReader reader)
    {
        var values = codewords[schedule.LogHeights[0]];
        var shift = KoalaBear.Generator;
        for (var i = 0; i < schedule.Rounds.Count; i++)
        {
            var round = schedule.Rounds[i];
            if (!TryReadLeaves(round, indices, values, ref reader, out var group))
                return new Refusal($"fri.layers[{i}].values", "cut short, or no canonical field elements");
            if (!MerkleVerifier.TryVerify(roots[i], [group], ref reader))
                return new Refusal($"fri.layers[{i}].path", "the leaves do not hash to the commitment");
            indices = group.Points;
            values = new Extension[indices.Length];
            var root = KoalaBear.TwoAdicGenerator(round.LogHeight + logBlowup);
            var weight = challenges[i].PowerOfTwo(round.LogArity);
            for (var place = 0; place < indices.Length; place++)
            {
                values[place] = Fold(group.Row(place), round, challenges[i], shift * root.Power((ulong)indices[place]));
                if (round.JoinsCodeword)
                    values[place] += weight * codewords[round.LogFolded][place];
            }

            shift = shift.Power(1UL << round.LogArity);
        }

        return CheckFinal(indices, values, shift);
    }

    private Refusal? CheckFinal(int[] indices, Extension[] values, KoalaBear shift)
    {
        var root = KoalaBear.TwoAdicGenerator(schedule.LogFinal + logBlowup);
        for (var place = 0; place < indices.Length; place++)
        {
            var point = shift * root.Power((ulong)indices[place]);
            var sum = Extension.Zero;
            for (var k = final.Length - 1; k >= 0; k--)
                sum = (sum * point) + final[k];
            if (sum != values[place])
                return new Refusal("fri.final", "the folded codeword is not the final polynomial");
        }

        return null;
    }

    /// <summary>A value that a query brings along is not in the proof: the hash of the leaf then checks it.</summary>
    private bool TryReadLeaves(FriRound round, int[] indices, Extension[] values, ref SpanReader reader, out MerkleGroup group)
    {
        var logLeaves = round.LogFolded + logBlowup;
        var leaves = MerkleFrontier.Reduce(indices, 1 << logLeaves);
        var width = round.Arity * Extension.Degree;
        var rows = new KoalaBear[leaves.Length * width];
        var known = new bool[leaves.Length * round.Arity];
        for (var i = 0; i < indices.Length; i++)
        {
            var leaf = Array.BinarySearch(leaves, indices[i] & ((1 << logLeaves) - 1));
            var place = (leaf * round.Arity) + (indices[i] >> logLeaves);
            known[place] = true;
            for (var k = 0; k < Extension.Degree; k++)
                rows[(place * Extension.Degree) + k] = values[i][k];
        }

        group = new MerkleGroup(logLeaves, width, leaves, rows);
        for (var place = 0; place < known.Length; place++)
        {
            for (var k = 0; k < Extension.Degree && !known[place]; k++)
            {
                if (!reader.TryReadUInt32LittleEndian(out var word) || !KoalaBear.TryFromWord(word, out rows[(place * Extension.Degree) + k]))
                    return false;
            }
        }

        return true;
    }

    /// <summary>The folding of one leaf, halving after halving, from its values at x·ωᵗ.</summary>
    private static Extension Fold(ReadOnlySpan<KoalaBear> row, FriRound round, Extension challenge, KoalaBear point)
    {
        Span<Extension> values = stackalloc Extension[round.Arity];
        for (var t = 0; t < round.Arity; t++)
        {
            var v = row[(t * Extension.Degree)..];
            values[t] = new Extension(v[0], v[1], v[2], v[3], v[4]);
        }

        var half = KoalaBear.InversePowerOfTwo(1);
        var inversePoint = point.Inverse();
        for (var log = round.LogArity; log > 0; log--)
        {
            var count = 1 << (log - 1);
            var inverseRoot = KoalaBear.TwoAdicGenerator(log).Inverse();
            var inverse = inversePoint;
            for (var t = 0; t < count; t++)
            {
                var sum = values[t] + values[t + count];
                var difference = (values[t] - values[t + count]) * inverse;
                values[t] = (sum + (challenge * difference)) * half;
                inverse *= inverseRoot;
            }

            inversePoint *= inversePoint;
            challenge *= challenge;
        }

        return values[0];
    }
}
