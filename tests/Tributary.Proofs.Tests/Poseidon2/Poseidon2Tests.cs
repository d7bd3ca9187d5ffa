using System.Text.Json;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Proofs.Tests.Poseidon2;

public sealed class Poseidon2Tests
{
    public static TheoryData<int> Widths() => [16, 24];

    private static Poseidon2Parameters Parameters(int width) => width == 16 ? Poseidon2Parameters.Width16 : Poseidon2Parameters.Width24;

    private static uint[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetUInt32())];

    private static KoalaBear[] Elements(JsonElement array) => [.. Numbers(array).Select(KoalaBear.FromUInt32)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Constants_are_those_of_the_Grain_generator(int width)
    {
        var parameters = Parameters(width);
        var grain = new GrainLfsr(31, width, 8, parameters.PartialRounds);
        for (var round = 0; round < 4; round++)
        {
            foreach (var constant in parameters.InitialFull(round))
                Assert.Equal(grain.NextElement(), constant.Value);
        }

        foreach (var constant in parameters.Partial)
            Assert.Equal(grain.NextElement(), constant.Value);
        for (var round = 0; round < 4; round++)
        {
            foreach (var constant in parameters.FinalFull(round))
                Assert.Equal(grain.NextElement(), constant.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Constants_and_known_answers_are_the_published_ones(int width)
    {
        using var document = Vectors.Read("proofs/poseidon2_koalabear.json");
        var expected = document.RootElement.GetProperty("widths").GetProperty(width.ToString());
        var parameters = Parameters(width);
        for (var round = 0; round < 4; round++)
        {
            Assert.Equal(Elements(expected.GetProperty("external_initial")[round]), parameters.InitialFull(round).ToArray());
            Assert.Equal(Elements(expected.GetProperty("external_final")[round]), parameters.FinalFull(round).ToArray());
        }

        Assert.Equal(Elements(expected.GetProperty("internal")), parameters.Partial.ToArray());

        var state = Elements(expected.GetProperty("kat").GetProperty("input"));
        Poseidon2Permutation.Permute(parameters, state);
        Assert.Equal(Elements(expected.GetProperty("kat").GetProperty("output")), state);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Linear_layers_equal_their_matrices(int width)
    {
        var random = new TestRandom(9);
        var state = random.Elements(width);

        var external = state.ToArray();
        Poseidon2Layers.ExternalLinear<KoalaBear>(external);
        int[][] m4 = [[2, 3, 1, 1], [1, 2, 3, 1], [1, 1, 2, 3], [3, 1, 1, 2]];
        for (var i = 0; i < width; i++)
        {
            var expected = KoalaBear.Zero;
            for (var j = 0; j < width; j++)
                expected += KoalaBear.FromInt32(m4[i % 4][j % 4] * (i / 4 == j / 4 ? 2 : 1)) * state[j];
            Assert.Equal(expected, external[i]);
        }

        var inverse = (int k) => KoalaBear.FromUInt32(1u << k).Inverse();
        KoalaBear[] head = [-2, 1, 2, inverse(1), 3, 4, -inverse(1), -3, -4];
        int[] positive = width == 16 ? [8, 3, 24] : [8, 2, 3, 4, 5, 6, 24];
        int[] negative = width == 16 ? [8, 3, 4, 24] : [8, 3, 4, 5, 6, 7, 9, 24];
        KoalaBear[] diagonal = [.. head, .. positive.Select(inverse), .. negative.Select(k => -inverse(k))];
        var sum = state.Aggregate((a, b) => a + b);
        var inner = state.ToArray();
        Poseidon2Layers.InternalLinear<KoalaBear>(inner);
        Assert.Equal(state.Zip(diagonal, (x, v) => (x * v) + sum), inner);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Lanes_equal_single_permutations_on_every_packing(int width)
    {
        var parameters = Parameters(width);
        var random = new TestRandom(10);
        for (var round = 0; round < 20; round++)
        {
            var states = random.Elements(width * Poseidon2Permutation.Lanes);
            var expected = new KoalaBear[states.Length];
            for (var lane = 0; lane < Poseidon2Permutation.Lanes; lane++)
            {
                var one = Enumerable.Range(0, width).Select(i => states[(i * Poseidon2Permutation.Lanes) + lane]).ToArray();
                Poseidon2Permutation.Permute(parameters, one);
                for (var i = 0; i < width; i++)
                    expected[(i * Poseidon2Permutation.Lanes) + lane] = one[i];
            }

            foreach (var packing in Packings.Supported)
            {
                var actual = states.ToArray();
                Poseidon2Permutation.PermuteLanes(parameters, actual, packing);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Compression_feeds_its_input_forward(int width)
    {
        var parameters = Parameters(width);
        var input = new TestRandom(11).Elements(width);
        var permuted = input.ToArray();
        Poseidon2Permutation.Permute(parameters, permuted);
        var output = new KoalaBear[8];
        Poseidon2Permutation.Compress(parameters, input, output);
        Assert.Equal(permuted.Zip(input, (x, y) => x + y).Take(8), output);
        Assert.NotEqual(permuted.Take(8), output);
        Assert.Throws<ArgumentException>(() => Poseidon2Permutation.Compress(parameters, input, new KoalaBear[width]));
        Assert.Throws<ArgumentException>(() => Poseidon2Permutation.Permute(parameters, new KoalaBear[width - 1]));
    }

    /// <summary>The generator of the Poseidon paper (ePrint 2019/458, appendix F), for a prime field and the S-box x^α.</summary>
    private sealed class GrainLfsr
    {
        private readonly bool[] _state = new bool[80];
        private readonly int _bits;
        private int _head;

        public GrainLfsr(int bits, int width, int fullRounds, int partialRounds)
        {
            _bits = bits;
            var place = 0;
            foreach (var (value, length) in ((int, int)[])[(1, 2), (0, 4), (bits, 12), (width, 12), (fullRounds, 10), (partialRounds, 10), ((1 << 30) - 1, 30)])
            {
                for (var i = length - 1; i >= 0; i--)
                    _state[place++] = ((value >> i) & 1) != 0;
            }

            for (var i = 0; i < 160; i++)
                Step();
        }

        public uint NextElement()
        {
            while (true)
            {
                var value = 0u;
                for (var i = 0; i < _bits; i++)
                    value = (value << 1) | (NextBit() ? 1u : 0);
                if (value < KoalaBear.Modulus)
                    return value;
            }
        }

        private bool NextBit()
        {
            while (!Step())
                Step();
            return Step();
        }

        private bool Step()
        {
            var bit = At(62) ^ At(51) ^ At(38) ^ At(23) ^ At(13) ^ At(0);
            _state[_head] = bit;
            _head = (_head + 1) % 80;
            return bit;
        }

        private bool At(int place) => _state[(_head + place) % 80];
    }
}
