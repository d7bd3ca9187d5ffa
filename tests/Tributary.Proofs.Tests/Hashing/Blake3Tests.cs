using System.Text;
using Tributary.Proofs.Hashing;

namespace Tributary.Proofs.Tests.Hashing;

public sealed class Blake3Tests
{
    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];

    private static string Output(Blake3 hasher, ReadOnlySpan<byte> input, int length)
    {
        var output = new byte[length];
        hasher.Update(input).Finish(output);
        return Convert.ToHexStringLower(output);
    }

    [Fact]
    public void Official_vectors_hold_in_all_three_modes()
    {
        using var document = Vectors.Read("proofs/blake3_official.json");
        var root = document.RootElement;
        var key = Encoding.ASCII.GetBytes(root.GetProperty("key").GetString()!);
        var context = root.GetProperty("context_string").GetString()!;
        var cases = 0;
        foreach (var vector in root.GetProperty("cases").EnumerateArray())
        {
            var input = Pattern(vector.GetProperty("input_len").GetInt32());
            var hash = vector.GetProperty("hash").GetString()!;
            Assert.Equal(hash, Output(Blake3.Create(), input, hash.Length / 2));
            Assert.Equal(vector.GetProperty("keyed_hash").GetString(), Output(Blake3.CreateKeyed(key), input, hash.Length / 2));
            Assert.Equal(vector.GetProperty("derive_key").GetString(), Output(Blake3.CreateDerived(context), input, hash.Length / 2));
            Assert.StartsWith(Convert.ToHexStringLower(Blake3.Hash(input)), hash, StringComparison.Ordinal);
            cases++;
        }

        Assert.Equal(35, cases);
    }

    [Fact]
    public void Input_in_pieces_hashes_as_input_at_once()
    {
        var random = new TestRandom(20);
        for (var round = 0; round < 50; round++)
        {
            var input = random.Bytes(random.Next(6000));
            var expected = Output(Blake3.Create(), input, 100);
            var hasher = Blake3.Create();
            for (var at = 0; at < input.Length;)
            {
                var take = Math.Min(input.Length - at, 1 + random.Next(1500));
                hasher.Update(input.AsSpan(at, take));
                hasher.Finish(new byte[3]);
                at += take;
            }

            Assert.Equal(expected, Output(hasher, [], 100));
        }
    }

    [Fact]
    public void A_key_of_another_length_is_a_bug() => Assert.Throws<ArgumentException>(() => Blake3.CreateKeyed(new byte[31]));
}
