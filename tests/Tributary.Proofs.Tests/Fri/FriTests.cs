using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Fri;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Merkle;
using Tributary.Proofs.Ntt;
using Tributary.Proofs.Transcripts;

namespace Tributary.Proofs.Tests.Fri;

public sealed unsafe class FriTests
{
    /// <summary>The values of a polynomial, given by its coefficients, over a whole domain, by Horner.</summary>
    private static CosetMatrix Evaluate(Extension[] coefficients, EvaluationDomain domain)
    {
        var result = new CosetMatrix(5, domain);
        for (var e = 0; e < domain.Size; e++)
        {
            var value = Extension.Zero;
            for (var i = coefficients.Length - 1; i >= 0; i--)
                value = (value * domain.Point(e)) + coefficients[i];
            BatchInversion.StoreOne(result.Coset(e & (domain.Blowup - 1)) + (e >> domain.LogBlowup), result.Stride, value);
        }

        return result;
    }

    /// <summary>From Σ cⱼxʲ to Σ (Σₗ βˡ·c_(ai + l))·xⁱ.</summary>
    private static Extension[] NaiveFold(Extension[] coefficients, int arity, Extension challenge)
    {
        var result = new Extension[coefficients.Length / arity];
        var powers = ExtensionField.Powers(challenge, arity);
        for (var i = 0; i < coefficients.Length; i++)
            result[i / arity] += powers[i % arity] * coefficients[i];
        return result;
    }

    private static Refusal? Check(FriSchedule schedule, int logBlowup, FriProver<PackedScalar> prover, Extension[] challenges, Dictionary<int, CosetMatrix> codewords, int[] indices)
    {
        var writer = new ByteWriter();
        prover.WriteOpenings(schedule, logBlowup, indices, writer);
        var values = codewords.ToDictionary(
            pair => pair.Key,
            pair => MerkleFrontier.Reduce(indices, pair.Value.Domain.Size)
                .Select(e => BatchInversion.LoadOne(pair.Value.Coset(e & (pair.Value.Domain.Blowup - 1)) + (e >> logBlowup), pair.Value.Stride))
                .ToArray());
        var reader = new SpanReader(writer.WrittenSpan);
        var verifier = new FriVerifier(schedule, logBlowup, [.. prover.Roots], challenges, prover.Final);
        return verifier.Check(indices, values, ref reader) ?? (reader.IsAtEnd ? null : new Refusal("end", "bytes left"));
    }

    [Theory]
    [InlineData(1, 1, 0, new[] { 7, 6, 4 })]
    [InlineData(1, 3, 2, new[] { 9, 7, 4 })]
    [InlineData(2, 2, 4, new[] { 8 })]
    [InlineData(3, 4, 3, new[] { 8, 5 })]
    [InlineData(1, 3, 6, new[] { 4 })]
    [InlineData(1, 5, 1, new[] { 9, 8 })]
    public void Folding_equals_the_folding_of_coefficients(int logBlowup, int logArity, int logFinal, int[] logHeights)
    {
        var random = new TestRandom(50);
        var polynomials = logHeights.ToDictionary(log => log, log => random.Extensions(1 << log));
        var codewords = logHeights.ToDictionary(log => log, log => Evaluate(polynomials[log], new EvaluationDomain(log, logBlowup)));
        var schedule = new FriSchedule(logHeights, logArity, logFinal);
        using var inverses = new Twiddles(logHeights[0], KoalaBear.One, inverse: true);
        using var prover = new FriProver<PackedScalar>();
        prover.Commit(schedule, codewords, inverses, new Transcript(), Packing.Scalar, new Workers(1));

        var transcript = new Transcript();
        var challenges = new List<Extension>();
        var expected = polynomials[logHeights[0]];
        var shift = KoalaBear.Generator;
        foreach (var (round, root) in schedule.Rounds.Zip(prover.Roots))
        {
            transcript.Absorb("fri.layer", root);
            challenges.Add(transcript.ChallengeExtension("fri.fold"));
            expected = NaiveFold(expected, round.Arity, challenges[^1]);
            shift = shift.Power((ulong)round.Arity);
            if (!round.JoinsCodeword)
                continue;

            // Point e of the folded domain is shift·ωᵉ where that of the codeword is 3·ωᵉ: it joins in as h(3x/shift).
            var weight = challenges[^1].Power((ulong)round.Arity);
            for (var i = 0; i < expected.Length; i++)
                expected[i] += weight * polynomials[round.LogFolded][i] * (KoalaBear.Generator * shift.Inverse()).Power((ulong)i);
        }

        Assert.Equal(expected, prover.Final);
        Assert.Equal(1 << Math.Min(logFinal, logHeights.Min()), prover.Final.Length);

        var size = 1 << (logHeights[0] + logBlowup);
        int[] some = [.. Enumerable.Range(0, 15).Select(_ => random.Next(size)).Distinct().Order()];
        Assert.Null(Check(schedule, logBlowup, prover, [.. challenges], codewords, some));
        Assert.Null(Check(schedule, logBlowup, prover, [.. challenges], codewords, [.. Enumerable.Range(0, size)]));
        foreach (var codeword in codewords.Values)
            codeword.Dispose();
    }

    [Fact]
    public void Packings_commit_alike()
    {
        Assert.SkipUnless(PackedField512.IsSupported, "The processor has no AVX-512.");
        var random = new TestRandom(51);
        var codewords = ((int[])[9, 6]).ToDictionary(log => log, log => Evaluate(random.Extensions(1 << log), new EvaluationDomain(log, 1)));
        var schedule = new FriSchedule([9, 6], 3, 2);
        using var inverses = new Twiddles(9, KoalaBear.One, inverse: true);
        using var scalar = new FriProver<PackedScalar>();
        using var wide = new FriProver<PackedField512>();
        scalar.Commit(schedule, codewords, inverses, new Transcript(), Packing.Scalar, new Workers(1));
        wide.Commit(schedule, codewords, inverses, new Transcript(), Packing.Vector512, new Workers(2));
        Assert.Equal(scalar.Roots, wide.Roots);
        Assert.Equal(scalar.Final, wide.Final);
        foreach (var codeword in codewords.Values)
            codeword.Dispose();
    }

    [Fact]
    public void A_word_far_from_the_code_is_refused_at_most_points()
    {
        var random = new TestRandom(52);
        var domain = new EvaluationDomain(7, 1);
        using var word = new CosetMatrix(5, domain);
        for (var coset = 0; coset < 2; coset++)
        {
            for (var column = 0; column < 5; column++)
                random.Elements(128).CopyTo(new Span<KoalaBear>(word.Column(coset, column), 128));
        }

        var codewords = new Dictionary<int, CosetMatrix> { [7] = word };
        var schedule = new FriSchedule([7], 2, 2);
        using var inverses = new Twiddles(7, KoalaBear.One, inverse: true);
        using var prover = new FriProver<PackedScalar>();
        var transcript = new Transcript();
        prover.Commit(schedule, codewords, inverses, transcript, Packing.Scalar, new Workers(1));
        var replay = new Transcript();
        var challenges = prover.Roots.Select(root =>
        {
            replay.Absorb("fri.layer", root);
            return replay.ChallengeExtension("fri.fold");
        }).ToArray();
        var refused = Enumerable.Range(0, domain.Size).Count(e => Check(schedule, 1, prover, challenges, codewords, [e]) is not null);
        Assert.InRange(refused, domain.Size / 2 - 4, domain.Size);
    }

    [Fact]
    public void A_schedule_stops_at_every_height_and_at_the_final_length()
    {
        var schedule = new FriSchedule([12, 11, 5], 3, 2);
        Assert.Equal([new FriRound(12, 1, true), new FriRound(11, 3, false), new FriRound(8, 3, true), new FriRound(5, 3, false)], schedule.Rounds);
        Assert.Equal(2, schedule.LogFinal);
        Assert.Empty(new FriSchedule([4, 4], 3, 6).Rounds);
        Assert.Equal(4, new FriSchedule([4, 4], 3, 6).LogFinal);
    }
}
