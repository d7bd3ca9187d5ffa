using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Hashing;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Ntt;

namespace Tributary.Proofs.Merkle;

/// <summary>
/// One commitment to matrices of mixed heights over domains of one blowup. A leaf is the digest of the joined rows of the tallest matrices at one point;
/// the rows of a shorter matrix join in at the level that has as many nodes as it has points. The square of point e of m points is, up to the shift of
/// the domain, point e mod m/2 of the next domain, which is why nodes e and e + m/2 are siblings. One owner, who disposes it; the matrices stay the caller's.
/// </summary>
internal sealed unsafe class MerkleTree : IDisposable
{
    /// <summary>Rows that one piece of parallel work hashes.</summary>
    private const int PieceRows = 1024;

    private readonly MerkleLevel[] _levels;

    private MerkleTree(MerkleLevel[] levels, IReadOnlyList<MerkleSource> sources)
    {
        _levels = levels;
        Sources = sources;
    }

    /// <summary>What the leaves are made of, tallest first.</summary>
    public IReadOnlyList<MerkleSource> Sources { get; }

    /// <summary>log2 of the leaves.</summary>
    public int LogSize => _levels.Length - 1;

    /// <summary>The commitment.</summary>
    public Bytes32 Root => _levels[0].Digest(0);

    /// <summary>Hashes matrices from the leaves to the root.</summary>
    public static MerkleTree Build(IEnumerable<CosetMatrix> matrices, Packing packing, Workers workers) =>
        Build(MerkleSource.Group(matrices), packing, workers);

    /// <summary>Hashes sources of distinct heights, tallest first, from the leaves to the root.</summary>
    public static MerkleTree Build(IReadOnlyList<MerkleSource> sources, Packing packing, Workers workers) => packing switch
    {
        Packing.Vector512 => Build<WordLanes512>(sources, workers),
        Packing.Vector256 => Build<WordLanes256>(sources, workers),
        _ => Build<WordLane>(sources, workers),
    };

    /// <summary>
    /// Appends what opens the tree at these points of its tallest domain, sorted and distinct: the rows, source by source, and then the siblings.
    /// </summary>
    public void WriteOpening(int[] indices, ByteWriter writer)
    {
        foreach (var source in Sources)
        {
            var row = new KoalaBear[source.Width];
            foreach (var point in MerkleFrontier.Reduce(indices, 1 << source.LogSize))
            {
                source.CopyRow(point, row);
                foreach (var value in row)
                    writer.WriteUInt32LittleEndian(value.Word);
            }
        }

        Open(indices, writer);
    }

    /// <summary>Appends the digests that a verifier lacks to get from the leaves at these indices, sorted and distinct, to the root.</summary>
    public void Open(ReadOnlySpan<int> indices, ByteWriter writer)
    {
        var nodes = indices.ToArray();
        for (var logSize = LogSize; logSize > 0; logSize--)
        {
            var level = _levels[logSize];
            nodes = MerkleFrontier.Ascend(nodes, level.Size, (parent, low, high) =>
            {
                if (low < 0)
                    writer.WriteBytes32(level.Digest(parent));
                if (high < 0)
                    writer.WriteBytes32(level.Digest(parent + (level.Size / 2)));
            });
        }
    }

    public void Dispose()
    {
        foreach (var level in _levels)
            level?.Dispose();
    }

    private static MerkleTree Build<T>(IReadOnlyList<MerkleSource> sources, Workers workers)
        where T : unmanaged, IWordLanes<T>
    {
        var logSize = sources[0].LogSize;
        var levels = new MerkleLevel[logSize + 1];
        for (var log = logSize; log >= 0; log--)
        {
            var level = levels[log] = new MerkleLevel(log, sources[0].LogBlowup, workers.Memory);
            if (log < logSize)
                HashChildren<T>(levels[log + 1], level, workers);
            if (sources.FirstOrDefault(source => source.LogSize == log) is { } source)
                HashRows<T>(source, level, join: log < logSize, workers);
        }

        return new MerkleTree(levels, sources);
    }

    private static void HashRows<T>(MerkleSource source, MerkleLevel level, bool join, Workers workers)
        where T : unmanaged, IWordLanes<T>
    {
        var rows = level.NodesPerCoset;
        var pieces = (rows + PieceRows - 1) / PieceRows;
        workers.For(level.Cosets * pieces, (_, item) =>
        {
            var (coset, piece) = Math.DivRem(item, pieces);
            fixed (nint* columns = source.Columns(coset))
            {
                var row = piece * PieceRows;
                var end = Math.Min(rows, row + PieceRows);
                for (; row + T.Width <= end; row += T.Width)
                    HashLeaves<T>((uint**)columns, source.Width, row, level, coset, join);
                for (; row < end; row++)
                    HashLeaves<WordLane>((uint**)columns, source.Width, row, level, coset, join);
            }
        });
    }

    private static void HashLeaves<T>(uint** columns, int count, int row, MerkleLevel level, int coset, bool join)
        where T : unmanaged, IWordLanes<T>
    {
        var digest = stackalloc T[8];
        RowHasher<T>.HashRow(columns, count, row, digest);
        var node = level.Words(coset, row);
        if (join)
        {
            var joined = stackalloc T[8];
            RowHasher<T>.HashPair(MerkleDomain.JoinKey, node, level.Size, (uint*)digest, T.Width, joined);
            Store(joined, node, level.Size);
        }
        else
        {
            Store(digest, node, level.Size);
        }
    }

    private static void HashChildren<T>(MerkleLevel below, MerkleLevel level, Workers workers)
        where T : unmanaged, IWordLanes<T>
    {
        // Where the lower level still has two nodes in a coset, siblings share the coset; after that, cosets are siblings.
        var withinCoset = below.NodesPerCoset > 1;
        var cosets = withinCoset ? below.Cosets : 1;
        var rows = level.Size / cosets;
        var pieces = (rows + PieceRows - 1) / PieceRows;
        workers.For(cosets * pieces, (_, item) =>
        {
            var (coset, piece) = Math.DivRem(item, pieces);
            var row = piece * PieceRows;
            var end = Math.Min(rows, row + PieceRows);
            for (; row + T.Width <= end; row += T.Width)
                HashNodes<T>(below, level, coset * 2 * rows, coset * rows, row, rows);
            for (; row < end; row++)
                HashNodes<WordLane>(below, level, coset * 2 * rows, coset * rows, row, rows);
        });
    }

    private static void HashNodes<T>(MerkleLevel below, MerkleLevel level, int childStart, int start, int row, int rows)
        where T : unmanaged, IWordLanes<T>
    {
        var digest = stackalloc T[8];
        var left = below.Words(0, 0) + childStart + row;
        RowHasher<T>.HashPair(MerkleDomain.NodeKey, left, below.Size, left + rows, below.Size, digest);
        Store(digest, level.Words(0, 0) + start + row, level.Size);
    }

    private static void Store<T>(T* digest, uint* node, nint stride)
        where T : unmanaged, IWordLanes<T>
    {
        for (var i = 0; i < 8; i++)
            T.Store(node + (i * stride), digest[i]);
    }
}
