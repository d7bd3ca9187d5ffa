using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Transcripts;

namespace Tributary.Proofs.Tests.Transcripts;

public sealed class TranscriptTests
{
    private static Extension Draw(params (string Label, byte[] Bytes)[] entries)
    {
        var transcript = new Transcript();
        foreach (var (label, bytes) in entries)
            transcript.Absorb(label, bytes);
        return transcript.ChallengeExtension("challenge");
    }

    [Fact]
    public void Equal_histories_give_equal_challenges_and_no_others_do()
    {
        var histories = new (string, byte[])[][]
        {
            [],
            [("a", [])],
            [("a", [1])],
            [("b", [1])],
            [("a", [1, 2])],
            [("a", [1]), ("a", [2])],
            [("a", [2]), ("a", [1])],
            [("a", [1, 1, 97, 1])],
            [("ab", [])],
            [("a", [98])],
        };
        var challenges = histories.Select(Draw).ToArray();
        Assert.Equal(challenges.Length, challenges.Distinct().Count());
        Assert.Equal(challenges, histories.Select(Draw));
    }

    [Fact]
    public void Challenges_in_a_row_differ_and_bind_what_follows()
    {
        var transcript = new Transcript();
        var first = transcript.ChallengeExtension("x");
        var second = transcript.ChallengeExtension("x");
        Assert.NotEqual(first, second);

        // A history with a challenge in between is another history.
        var (drawn, plain) = (new Transcript(), new Transcript());
        _ = drawn.ChallengeExtension("x");
        drawn.Absorb("a", 1);
        plain.Absorb("a", 1);
        Assert.NotEqual(drawn.ChallengeExtension("x"), plain.ChallengeExtension("x"));
        Assert.NotEqual(new Transcript().ChallengeExtension("x"), new Transcript().ChallengeExtension("y"));
    }

    [Fact]
    public void Challenges_fill_the_field_evenly()
    {
        // Sixteen equal ranges of the field, 5,000 coordinates: each range gets 312.5 ± 5 standard deviations.
        var transcript = new Transcript();
        var counts = new int[16];
        for (var i = 0; i < 1000; i++)
        {
            var challenge = transcript.ChallengeExtension("x");
            for (var k = 0; k < 5; k++)
                counts[(long)challenge[k].Value * 16 / KoalaBear.Modulus]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 225, 400));
    }

    [Fact]
    public void Indices_stay_below_their_limit_and_reach_all_of_it()
    {
        var indices = new Transcript().ChallengeIndices("x", 2000, 5);
        Assert.Equal(32, indices.Distinct().Count());
        Assert.InRange(indices.Max(), 0, 31);
        Assert.InRange(indices.Min(), 0, 31);
    }

    [Fact]
    public void Out_of_domain_points_lie_outside_of_the_base_field() =>
        Assert.False(new Transcript().ChallengeOutOfDomain("x").IsInBaseField());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(14)]
    public void Work_is_found_alike_on_every_packing_and_checked(int bits)
    {
        var seed = new Transcript().ChallengeSeed("x");
        var nonce = ProofOfWork.Find(seed, bits, Packing.Scalar);
        Assert.True(ProofOfWork.IsValid(seed, nonce, bits));
        foreach (var packing in Packings.Supported)
            Assert.Equal(nonce, ProofOfWork.Find(seed, bits, packing));
        for (var smaller = nonce > 50 ? nonce - 50 : 0; smaller < nonce; smaller++)
            Assert.False(ProofOfWork.IsValid(seed, smaller, bits));
        if (bits == 0)
            Assert.False(ProofOfWork.IsValid(seed, 1, bits));
        if (bits > 8)
            Assert.False(ProofOfWork.IsValid(new Bytes32(new byte[32]), nonce, bits));
    }
}
