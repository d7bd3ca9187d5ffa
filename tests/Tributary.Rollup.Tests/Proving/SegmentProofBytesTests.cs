using System.Buffers.Binary;
using System.Globalization;
using Tributary.Proofs.Fields;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Tests.Proving;

/// <summary>
/// A full proof of a segment, forced posts included, under the parameters that the public verifier asks for: no other bytes are taken. How many changes are
/// tried is TRIBUTARY_PROOF_CHANGES; each costs a verification at worst.
/// </summary>
public sealed class SegmentProofBytesTests
{
    private static readonly int Changes =
        int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_PROOF_CHANGES"), CultureInfo.InvariantCulture, out var given) ? given : 200;

    private static readonly Lazy<(Segment Segment, byte[] Proof)> s_full = new(static () =>
    {
        var segment = ForcedPostProofTests.Everything(new TestRollup());
        using var prover = new SegmentProver(SegmentVerifier.Fast.Key.Parameters);
        return (segment, prover.Prove(segment, null, TestContext.Current.CancellationToken));
    });

    private static bool IsTaken(ReadOnlyMemory<byte> proof)
    {
        var segment = s_full.Value.Segment;
        return SegmentVerifier.Fast.Verify(segment.Statement(SegmentVerifier.Fast.Key.Digest), segment.BodyBytes.Span, proof, segment.Posts).IsOk;
    }

    [Fact]
    public void A_full_proof_is_taken_and_none_of_its_random_changes()
    {
        var proof = s_full.Value.Proof;
        Assert.True(IsTaken(proof));
        Parallel.For(0, Changes, round =>
        {
            var random = new TestRandom(800UL + (ulong)round);
            var changed = proof.ToArray();
            for (var count = 1 + random.Next(3); count > 0; count--)
                changed[random.Next(changed.Length)] ^= (byte)(1 + random.Next(255));
            Assert.True(changed.AsSpan().SequenceEqual(proof) || !IsTaken(changed), $"round {round}");
        });
    }

    [Fact]
    public void An_element_plus_p_is_refused()
    {
        var proof = s_full.Value.Proof;
        var moved = 0;
        Parallel.For(0, Changes, round =>
        {
            var random = new TestRandom(900_000UL + (ulong)round);
            var place = random.Next(proof.Length - 4);
            var word = BinaryPrimitives.ReadUInt32LittleEndian(proof.AsSpan(place));
            if (word >= KoalaBear.Modulus)
                return;
            var changed = proof.ToArray();
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(place), word + KoalaBear.Modulus);
            Assert.False(IsTaken(changed), $"word at {place}");
            _ = Interlocked.Increment(ref moved);
        });
        Assert.True(moved > Changes / 4);
    }

    [Fact]
    public void Digests_and_rows_in_another_order_are_refused()
    {
        var proof = s_full.Value.Proof;
        Parallel.For(0, Changes, round =>
        {
            var random = new TestRandom(950_000UL + (ulong)round);
            var size = (int[])[4, 20, 32, 64];
            var length = size[random.Next(4)];

            // Neighbours, as the siblings of a path are, or anything.
            var a = random.Next(proof.Length - (2 * length));
            var b = random.Next(2) == 0 ? a + length : random.Next(proof.Length - length);
            if (Math.Abs(a - b) < length)
                return;
            var changed = proof.ToArray();
            proof.AsSpan(a, length).CopyTo(changed.AsSpan(b));
            proof.AsSpan(b, length).CopyTo(changed.AsSpan(a));
            Assert.True(changed.AsSpan().SequenceEqual(proof) || !IsTaken(changed), $"{length} bytes at {a} and {b}");
        });
    }

    [Fact]
    public void Cut_and_trailing_bytes_are_refused()
    {
        var proof = s_full.Value.Proof;
        Assert.False(IsTaken((byte[])[.. proof, 0]));
        Assert.False(IsTaken((byte[])[.. proof, .. proof]));
        var random = new TestRandom(970_000);
        for (var round = 0; round < Changes / 4; round++)
            Assert.False(IsTaken(proof.AsMemory(0, random.Next(proof.Length))));
        Assert.False(IsTaken(proof.AsMemory(0, proof.Length - 1)));
    }
}
