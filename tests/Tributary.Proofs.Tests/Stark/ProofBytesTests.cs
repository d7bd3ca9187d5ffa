using System.Buffers.Binary;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Stark;

namespace Tributary.Proofs.Tests.Stark;

/// <summary>A proof has one encoding, and no other bytes are taken.</summary>
public sealed class ProofBytesTests
{
    private static readonly int Campaign = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_FUZZ"), out var factor) ? factor : 1;

    private static (VerifyingKey Key, Statement Statement, byte[] Proof) Prove(Sample sample, ProofParameters parameters)
    {
        using (sample)
        {
            using var key = ProvingKey.Create(sample.Machine, parameters);
            var proof = StarkProver.Prove(key, sample.Statement, sample.Traces, cancellationToken: TestContext.Current.CancellationToken);
            return (key.VerifyingKey, sample.Statement, proof);
        }
    }

    private static bool IsTaken(VerifyingKey key, Statement statement, ReadOnlySpan<byte> proof) =>
        StarkVerifier.Verify(key, statement, proof, SampleMachines.AnySecurity).IsOk;

    [Fact]
    public void Every_changed_byte_of_a_small_proof_is_refused()
    {
        var (key, statement, proof) = Prove(SampleMachines.Fibonacci(4), ProofParameters.Small);
        Assert.InRange(proof.Length, 1, 20_000);
        Assert.True(StarkVerifier.Verify(key, statement, proof).IsOk);
        Parallel.For(0, proof.Length, place =>
        {
            var changed = proof.ToArray();
            for (var round = 0; round < Campaign; round++)
            {
                changed[place] = (byte)(proof[place] + 1 + ((place + (17 * round)) % 255));
                Assert.False(IsTaken(key, statement, changed), $"byte {place}");
            }
        });
    }

    [Fact]
    public void Ten_thousand_random_changes_of_a_full_proof_are_refused()
    {
        var (key, statement, proof) = Prove(SampleMachines.Squares(), ProofParameters.Fast);
        Assert.True(StarkVerifier.Verify(key, statement, proof).IsOk);
        Parallel.For(0, 100, piece =>
        {
            var random = new TestRandom(41UL + (ulong)piece);
            for (var i = 0; i < 100 * Campaign; i++)
            {
                var changed = proof.ToArray();
                for (var count = 1 + random.Next(3); count > 0; count--)
                    changed[random.Next(changed.Length)] ^= (byte)(1 + random.Next(255));
                Assert.True(changed.AsSpan().SequenceEqual(proof) || !IsTaken(key, statement, changed));
            }
        });
    }

    [Fact]
    public void An_element_plus_p_is_refused_wherever_it_stands()
    {
        var (key, statement, proof) = Prove(SampleMachines.Squares(4, 5), SampleMachines.Weak);
        var moved = 0;
        for (var place = 0; place + 4 <= proof.Length; place++)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(proof.AsSpan(place));
            if (word >= KoalaBear.Modulus)
                continue;
            var changed = proof.ToArray();
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(place), word + KoalaBear.Modulus);
            Assert.False(IsTaken(key, statement, changed), $"word at {place}");
            moved++;
        }

        Assert.True(moved > 1000);
    }

    [Fact]
    public void Cut_and_trailing_bytes_are_refused()
    {
        var (key, statement, proof) = Prove(SampleMachines.Squares(4, 5), SampleMachines.Weak);
        for (var length = 0; length < proof.Length; length += 1 + (length / 50))
            Assert.False(IsTaken(key, statement, proof.AsSpan(0, length)));
        Assert.False(IsTaken(key, statement, proof.AsSpan(0, proof.Length - 1)));
        Assert.False(IsTaken(key, statement, [.. proof, 0]));
        Assert.False(IsTaken(key, statement, [.. proof, .. proof]));
    }

    [Fact]
    public void Reordered_digests_and_rows_are_refused()
    {
        var (key, statement, proof) = Prove(SampleMachines.Squares(4, 5), SampleMachines.Weak);
        var random = new TestRandom(42);
        for (var round = 0; round < 500; round++)
        {
            var length = (int[])[4, 20, 32, 64];
            var size = length[random.Next(4)];
            var (a, b) = (random.Next(proof.Length - size), random.Next(proof.Length - size));
            if (Math.Abs(a - b) < size)
                continue;
            var changed = proof.ToArray();
            proof.AsSpan(a, size).CopyTo(changed.AsSpan(b));
            proof.AsSpan(b, size).CopyTo(changed.AsSpan(a));
            Assert.True(changed.AsSpan().SequenceEqual(proof) || !IsTaken(key, statement, changed));
        }
    }

    [Fact]
    public void Neighbouring_digests_exchanged_are_refused_wherever_they_stand()
    {
        var (key, statement, proof) = Prove(SampleMachines.Squares(4, 5), SampleMachines.Weak);
        Parallel.For(0, proof.Length - 63, place =>
        {
            var changed = proof.ToArray();
            proof.AsSpan(place, 32).CopyTo(changed.AsSpan(place + 32));
            proof.AsSpan(place + 32, 32).CopyTo(changed.AsSpan(place));
            Assert.True(changed.AsSpan().SequenceEqual(proof) || !IsTaken(key, statement, changed), $"bytes from {place}");
        });
    }

    [Fact]
    public void Any_bytes_are_answered_without_an_exception()
    {
        var (key, statement, proof) = Prove(SampleMachines.Squares(4, 5), SampleMachines.Weak);
        var random = new TestRandom(43);
        var header = 4 + 2 + 32 + ProofParameters.ByteLength;
        for (var round = 0; round < 300 * Campaign; round++)
        {
            Assert.False(IsTaken(key, statement, random.Bytes(random.Next(2000))));

            // A good header, other heights, noise.
            var bytes = proof.AsSpan(0, header + random.Next(proof.Length - header)).ToArray();
            for (var table = 0; table < 4 && header + table < bytes.Length; table++)
                bytes[header + table] = (byte)random.Next(26);
            random.Bytes(Math.Max(0, bytes.Length - header - 4)).CopyTo(bytes.AsSpan(Math.Min(bytes.Length, header + 4)));
            Assert.False(IsTaken(key, statement, bytes));

            // Elements below p, so that reading goes on.
            for (var place = header + 4; place + 4 <= bytes.Length; place += 4)
                bytes[place + 3] &= 0x3f;
            Assert.False(IsTaken(key, statement, bytes));
        }
    }

    [Fact]
    public void What_is_allocated_is_bounded_by_the_bytes_present()
    {
        var (key, statement, proof) = Prove(SampleMachines.Squares(4, 5), SampleMachines.Weak);
        var header = 4 + 2 + 32 + ProofParameters.ByteLength;
        var hostile = proof.AsSpan(0, header + 200).ToArray();
        hostile.AsSpan(header, 4).Fill(23);
        hostile[header] = 8;
        _ = IsTaken(key, statement, hostile);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(IsTaken(key, statement, hostile));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal("length", StarkVerifier.Verify(key, statement, new byte[101], new VerifierPolicy { MaxProofLength = 100 }).Error.Field);
    }

    [Fact]
    public void A_proof_stands_for_its_statement_alone()
    {
        var (key, statement, proof) = Prove(SampleMachines.Squares(4, 5), SampleMachines.Weak);
        var message = statement.Messages[0];
        Assert.True(IsTaken(key, statement, proof));
        Assert.False(IsTaken(key, statement with { Messages = [] }, proof));
        Assert.False(IsTaken(key, statement with { Messages = [message, message] }, proof));
        Assert.False(IsTaken(key, statement with { Messages = [message with { IsSend = true }] }, proof));
        Assert.False(IsTaken(key, statement with { Messages = [message with { Elements = [message.Elements[0] + 1, 1, 0] }] }, proof));
        Assert.False(IsTaken(key, statement with { Messages = [message with { Elements = [message.Elements[0], 1, 0, 0] }] }, proof));
        Assert.False(IsTaken(key, statement with { Messages = [message with { Bus = SampleBuses.Squares }] }, proof));
        Assert.False(IsTaken(key, statement with { PublicValues = [[], [], [], [3, 4, 5]] }, proof));
        Assert.False(IsTaken(key, statement with { PublicValues = [[], [], [], [3, 4]] }, proof));
        Assert.False(IsTaken(key, statement with { PublicValues = [[], [], []] }, proof));
    }

    [Fact]
    public void A_proof_stands_for_its_key_alone()
    {
        var (key, statement, proof) = Prove(SampleMachines.Fibonacci(5), SampleMachines.Weak);
        var other = VerifyingKey.Create(key.Machine, SampleMachines.Weak with { Queries = 25 });
        Assert.Equal("key", StarkVerifier.Verify(other, statement, proof, SampleMachines.AnySecurity).Error.Field);
        using var renamed = SampleMachines.Fibonacci(5);
        var machine = new Proofs.Air.Machine("another name", [new FibonacciAir()]);
        Assert.Equal("key", StarkVerifier.Verify(VerifyingKey.Create(machine, SampleMachines.Weak), statement, proof, SampleMachines.AnySecurity).Error.Field);
    }

    [Fact]
    public void Weaker_parameters_are_refused()
    {
        var (key, statement, proof) = Prove(SampleMachines.Fibonacci(5), SampleMachines.Weak);
        var refusal = StarkVerifier.Verify(key, statement, proof).Error;
        Assert.Equal("parameters", refusal.Field);
        Assert.Contains("provable bits", refusal.Reason, StringComparison.Ordinal);

        var (strongKey, strongStatement, strongProof) = Prove(SampleMachines.Fibonacci(5), ProofParameters.Fast with { Queries = 150 });
        Assert.Equal("parameters", StarkVerifier.Verify(strongKey, strongStatement, strongProof).Error.Field);
    }
}
