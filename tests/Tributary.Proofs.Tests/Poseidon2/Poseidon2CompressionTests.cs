using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Proofs.Tests.Poseidon2;

public sealed class Poseidon2CompressionTests
{
    [Theory]
    [InlineData(16, 8)]
    [InlineData(16, 3)]
    [InlineData(24, 8)]
    [InlineData(24, 12)]
    public void Many_rows_are_compressed_as_each_alone(int width, int outputLength)
    {
        var parameters = width == 16 ? Poseidon2Parameters.Width16 : Poseidon2Parameters.Width24;
        var random = new TestRandom((ulong)(width + outputLength));
        foreach (var packing in Packings.Supported)
        {
            foreach (var rows in (int[])[0, 1, 7, 8, 15, 16, 17, 40])
            {
                var inputs = random.Elements(rows * width);
                var outputs = new KoalaBear[rows * outputLength];
                Poseidon2Compression.CompressRows(parameters, inputs, outputs, outputLength, packing);
                var expected = new KoalaBear[outputLength];
                for (var row = 0; row < rows; row++)
                {
                    Poseidon2Permutation.Compress(parameters, inputs.AsSpan(row * width, width), expected);
                    Assert.Equal(expected, outputs[(row * outputLength)..((row + 1) * outputLength)]);
                }
            }
        }

        Assert.Throws<ArgumentException>(() => Poseidon2Compression.CompressRows(parameters, new KoalaBear[width], new KoalaBear[1], 2));
    }
}
