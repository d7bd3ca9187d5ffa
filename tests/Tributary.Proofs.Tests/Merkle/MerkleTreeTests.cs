using System.Buffers.Binary;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Hashing;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Merkle;
using Tributary.Proofs.Ntt;

namespace Tributary.Proofs.Tests.Merkle;

public sealed unsafe class MerkleTreeTests
{
    private static CosetMatrix RandomMatrix(TestRandom random, int width, int logHeight, int logBlowup)
    {
        var matrix = new CosetMatrix(width, new EvaluationDomain(logHeight, logBlowup));
        for (var coset = 0; coset < 1 << logBlowup; coset++)
        {
            for (var column = 0; column < width; column++)
                random.Elements(1 << logHeight).CopyTo(new Span<KoalaBear>(matrix.Column(coset, column), 1 << logHeight));
        }

        return matrix;
    }

    private static byte[] Derived(string context, params byte[][] parts)
    {
        var digest = new byte[32];
        var hasher = Blake3.CreateDerived(context);
        foreach (var part in parts)
            hasher.Update(part);
        hasher.Finish(digest);
        return digest;
    }

    /// <summary>The tree as its documentation says, with nothing but the hasher.</summary>
    private static byte[] NaiveRoot(CosetMatrix[] matrices)
    {
        var logSize = matrices.Max(m => m.Domain.LogSize);
        byte[][] nodes = [];
        for (var log = logSize; log >= 0; log--)
        {
            if (log < logSize)
            {
                var below = nodes;
                nodes = [.. Enumerable.Range(0, 1 << log).Select(e => Derived("tributary.proofs v1 merkle node", below[e], below[e + (1 << log)]))];
            }

            var group = matrices.Where(m => m.Domain.LogSize == log).ToArray();
            if (group.Length == 0)
                continue;
            var rows = Enumerable.Range(0, 1 << log).Select(e => Derived("tributary.proofs v1 merkle row", [.. group.SelectMany(m => RowBytes(m, e))])).ToArray();
            nodes = log == logSize ? rows : [.. nodes.Zip(rows, (node, row) => Derived("tributary.proofs v1 merkle join", node, row))];
        }

        return nodes[0];
    }

    private static byte[] RowBytes(CosetMatrix matrix, int exponent)
    {
        var row = new KoalaBear[matrix.Width];
        matrix.CopyRow(exponent, row);
        var bytes = new byte[4 * row.Length];
        for (var i = 0; i < row.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), row[i].Word);
        return bytes;
    }

    private static MerkleGroup[] Open(CosetMatrix[] matrices, int[] indices) =>
    [
        .. matrices.GroupBy(m => m.Domain.LogSize).OrderByDescending(g => g.Key).Select(g =>
        {
            var points = MerkleFrontier.Reduce(indices, 1 << g.Key);
            var width = g.Sum(m => m.Width);
            var rows = new List<KoalaBear>();
            foreach (var point in points)
            {
                foreach (var matrix in g)
                {
                    var row = new KoalaBear[matrix.Width];
                    matrix.CopyRow(point, row);
                    rows.AddRange(row);
                }
            }

            return new MerkleGroup(g.Key, width, points, [.. rows]);
        }),
    ];

    private static bool Verify(Bytes32 root, MerkleGroup[] groups, byte[] siblings)
    {
        var reader = new SpanReader(siblings);
        return MerkleVerifier.TryVerify(root, groups, ref reader) && reader.IsAtEnd;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Roots_equal_the_naive_tree_on_every_packing(int logBlowup)
    {
        var random = new TestRandom(21);
        foreach (var widths in (int[][])[[1], [5], [16], [17], [260], [700]])
        {
            CosetMatrix[] matrices =
            [
                RandomMatrix(random, widths[0], 5, logBlowup),
                RandomMatrix(random, 3, 4, logBlowup),
                RandomMatrix(random, 2, 5, logBlowup),
                RandomMatrix(random, 20, 4, logBlowup),
            ];
            var expected = new Bytes32(NaiveRoot(matrices));
            foreach (var packing in Packings.Supported)
            {
                using var tree = MerkleTree.Build(matrices, packing, new Workers(1));
                Assert.Equal(expected, tree.Root);
                using var parallel = MerkleTree.Build(matrices, packing, new Workers(3));
                Assert.Equal(expected, parallel.Root);
            }

            foreach (var matrix in matrices)
                matrix.Dispose();
        }
    }

    [Fact]
    public void Batch_openings_verify_and_every_change_is_refused()
    {
        var random = new TestRandom(22);
        CosetMatrix[] matrices = [RandomMatrix(random, 3, 6, 1), RandomMatrix(random, 4, 4, 1)];
        using var tree = MerkleTree.Build(matrices, Packings.Best, new Workers(1));
        foreach (var count in (int[])[1, 2, 7, 40])
        {
            int[] indices = [.. Enumerable.Range(0, count).Select(_ => random.Next(128)).Distinct().Order()];
            var writer = new ByteWriter();
            tree.Open(indices, writer);
            var siblings = writer.ToArray();
            var groups = Open(matrices, indices);
            Assert.True(Verify(tree.Root, groups, siblings));

            Assert.False(Verify(tree.Root, groups, [.. siblings, 0]));
            if (siblings.Length > 0)
                Assert.False(Verify(tree.Root, groups, siblings[..^1]));
            for (var i = 0; i < siblings.Length; i += 11)
            {
                var changed = siblings.ToArray();
                changed[i] ^= (byte)(1 << random.Next(8));
                Assert.False(Verify(tree.Root, groups, changed));
            }

            for (var g = 0; g < groups.Length; g++)
            {
                for (var i = 0; i < groups[g].Rows.Length; i++)
                {
                    var changed = groups.ToArray();
                    var rows = groups[g].Rows.ToArray();
                    rows[i] += KoalaBear.One;
                    changed[g] = groups[g] with { Rows = rows };
                    Assert.False(Verify(tree.Root, changed, siblings));
                }
            }
        }

        foreach (var matrix in matrices)
            matrix.Dispose();
    }

    [Fact]
    public void Swapped_siblings_are_refused()
    {
        var random = new TestRandom(23);
        CosetMatrix[] matrices = [RandomMatrix(random, 3, 6, 1)];
        using var tree = MerkleTree.Build(matrices, Packings.Best, new Workers(1));
        var writer = new ByteWriter();
        tree.Open([9], writer);
        var siblings = writer.ToArray();
        var swapped = siblings.ToArray();
        siblings.AsSpan(0, 32).CopyTo(swapped.AsSpan(32));
        siblings.AsSpan(32, 32).CopyTo(swapped);
        Assert.True(Verify(tree.Root, Open(matrices, [9]), siblings));
        Assert.False(Verify(tree.Root, Open(matrices, [9]), swapped));
        Assert.False(Verify(tree.Root, Open(matrices, [10]), siblings));
        matrices[0].Dispose();
    }
}
