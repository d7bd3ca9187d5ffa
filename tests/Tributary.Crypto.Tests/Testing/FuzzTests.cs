using System.Security.Cryptography;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.Testing;

/// <summary>The fuzz loop that all test projects share must itself notice what it is there for.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void A_throw_is_reported_with_the_input_and_how_to_run_it_again()
    {
        var failure = Assert.Throws<FuzzFailureException>(
            () => Fuzz.Run([[1, 2, 0xab]], static input => throw new FormatException($"{input.Length} bytes")));
        Assert.IsType<FormatException>(failure.InnerException);
        Assert.Contains("0102ab", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"TRIBUTARY_FUZZ_INPUT=0102ab dotnet test --filter-method \"*.{nameof(A_throw_is_reported_with_the_input_and_how_to_run_it_again)}\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Allocation_by_a_claimed_length_is_reported()
    {
        var limits = new FuzzLimits(BytesPerInputByte: 4, Bytes: 256);
        Fuzz.Run([[10]], static input => GC.KeepAlive(new byte[10]), iterations: 10, limits);
        var failure = Assert.Throws<FuzzFailureException>(
            () => Fuzz.Run([[255]], static input => GC.KeepAlive(new byte[input[0] * 100]), iterations: 0, limits));
        Assert.Contains("are allowed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_allocated_once_is_not_held_against_the_input()
    {
        byte[]? table = null;
        Fuzz.Run([[1]], input => table ??= new byte[100_000], iterations: 0, FuzzLimits.NoAllocation);
        Assert.NotNull(table);
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs_and_another_seed_others()
    {
        byte[][] corpus = [[1, 2, 3, 4, 5, 6, 7, 8], [9, 9, 9], []];
        var first = Digest(corpus, seed: 1);
        Assert.Equal(first, Digest(corpus, seed: 1));
        if (Environment.GetEnvironmentVariable("TRIBUTARY_FUZZ_SEED") is null)
            Assert.NotEqual(first, Digest(corpus, seed: 2));
        Assert.NotEqual(first, Digest([], seed: 1));
    }

    [Fact]
    public void Inputs_keep_to_the_longest_length() =>
        Fuzz.Run(
            [new byte[40]],
            static input => Assert.True(input.Length <= 40),
            limits: new FuzzLimits(BytesPerInputByte: 0, Bytes: 4096, InputBytesMax: 40));

    [Fact]
    public void Text_arrives_decoded() =>
        Fuzz.RunText(["m/84h/0h"], static text => Assert.False(text.Length > 100_000), iterations: 100);

    private static byte[] Digest(byte[][] corpus, ulong seed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var longest = 0;
        Fuzz.Run(
            corpus,
            input =>
            {
                longest = Math.Max(longest, input.Length);
                hash.AppendData(input);
                hash.AppendData([0xff]);
            },
            iterations: 300,
            new FuzzLimits(Bytes: 1 << 20),
            seed);
        Assert.True(longest > 8);
        return hash.GetHashAndReset();
    }
}
