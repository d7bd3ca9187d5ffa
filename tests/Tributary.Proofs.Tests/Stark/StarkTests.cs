using Tributary.Proofs.Fields;
using Tributary.Proofs.Stark;

namespace Tributary.Proofs.Tests.Stark;

public sealed class StarkTests
{
    private static void ProveAndVerify(Sample sample, ProofParameters parameters, VerifierPolicy? policy = null)
    {
        using (sample)
        {
            using var key = ProvingKey.Create(sample.Machine, parameters);
            byte[]? first = null;
            foreach (var packing in Packings.Supported)
            {
                foreach (var threads in (int[])[1, 2])
                {
                    var options = new ProverOptions { Packing = packing, Threads = threads };
                    var proof = StarkProver.Prove(key, sample.Statement, sample.Traces, options, TestContext.Current.CancellationToken);
                    var result = StarkVerifier.Verify(key.VerifyingKey, sample.Statement, proof, policy ?? SampleMachines.AnySecurity);
                    Assert.True(result.IsOk, $"{packing} with {threads} threads: {result}");
                    first ??= proof;
                    Assert.Equal(first, proof);
                }
            }
        }
    }

    public static TheoryData<int, int, int, int> Parameters() => new()
    {
        { 1, 1, 0, 4 },
        { 1, 2, 3, 5 },
        { 2, 3, 2, 9 },
        { 3, 5, 4, 6 },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_table_with_boundaries_and_transitions_proves(int logBlowup, int logArity, int logFinal, int logHeight) =>
        ProveAndVerify(SampleMachines.Fibonacci(logHeight), new ProofParameters(logBlowup, 20, logArity, logFinal, 2, 3));

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Tables_of_several_heights_prove_over_buses(int logBlowup, int logArity, int logFinal, int logHeight) =>
        ProveAndVerify(SampleMachines.Squares(5, logHeight), new ProofParameters(logBlowup, 20, logArity, logFinal, 0, 0));

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    public void Permutations_prove(int width) => ProveAndVerify(SampleMachines.Hashes(5, width), SampleMachines.Weak);

    [Fact]
    public void Both_parameter_sets_give_a_hundred_provable_bits()
    {
        ProveAndVerify(SampleMachines.Squares(), ProofParameters.Fast, VerifierPolicy.Default);
        ProveAndVerify(SampleMachines.Squares(), ProofParameters.Small, VerifierPolicy.Default);
    }
}
