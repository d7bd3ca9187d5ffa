using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Rollup.State;

/// <summary>
/// Nodes of one height by index, and the step to the height above: pairs are compressed side by side, in runs that stay in the processor's cache.
/// </summary>
internal sealed class Frontier
{
    private const int PairElements = 2 * TreeDigest.Elements;
    private const int RunPairs = 512;

    /// <summary>Nodes that the processor is asked for ahead of the walk.</summary>
    private const int Ahead = 12;

    private readonly KoalaBear[] _pairs = new KoalaBear[RunPairs * PairElements];
    private ulong[] _indices = new ulong[64];
    private TreeDigest[] _digests = new TreeDigest[64];

    public int Count { get; private set; }

    public ulong Index(int place) => _indices[place];

    public ref readonly TreeDigest Digest(int place) => ref _digests[place];

    public void Clear() => Count = 0;

    /// <summary>Adds a node behind the others.</summary>
    public void Add(ulong index, TreeDigest digest)
    {
        if (Count == _indices.Length)
        {
            Array.Resize(ref _indices, 2 * Count);
            Array.Resize(ref _digests, 2 * Count);
        }

        (_indices[Count], _digests[Count]) = (index, digest);
        Count++;
    }

    /// <summary>Replaces the nodes by their parents; siblings that are not among them are empty.</summary>
    public void AscendWithin(int height)
    {
        var empty = TreeHash.Empty(height);
        var (parents, pending) = (0, 0);
        for (var place = 0; place < Count;)
        {
            var index = _indices[place];
            var pair = _pairs.AsSpan(pending * PairElements, PairElements);
            if (IsPair(place))
            {
                Write(pair, _digests[place], _digests[place + 1]);
                place += 2;
            }
            else
            {
                Write(pair, index, _digests[place], empty);
                place++;
            }

            Step(index, ref parents, ref pending);
        }

        Finish(parents, pending);
    }

    /// <summary>Stores the nodes among all of their height, and replaces them by their parents.</summary>
    public void AscendAbove(NodePages nodes, int height)
    {
        var (parents, pending) = (0, 0);
        for (var place = 0; place < Count;)
        {
            var index = _indices[place];
            if (place + Ahead < Count)
                nodes.Prefetch(_indices[place + Ahead]);
            var pair = _pairs.AsSpan(pending * PairElements, PairElements);
            if (IsPair(place))
            {
                nodes.SetPair(index, _digests[place], _digests[place + 1]);
                Write(pair, _digests[place], _digests[place + 1]);
                place += 2;
            }
            else
            {
                ref readonly var sibling = ref nodes.SetAndFindSibling(index, _digests[place]);
                Write(pair, index, _digests[place], sibling.IsEmpty ? TreeHash.Empty(height) : sibling);
                place++;
            }

            Step(index, ref parents, ref pending);
        }

        Finish(parents, pending);
    }

    private bool IsPair(int place) => (_indices[place] & 1) == 0 && place + 1 < Count && _indices[place + 1] == _indices[place] + 1;

    private static void Write(Span<KoalaBear> pair, TreeDigest left, TreeDigest right)
    {
        left.Span.CopyTo(pair);
        right.Span.CopyTo(pair[TreeDigest.Elements..]);
    }

    private static void Write(Span<KoalaBear> pair, ulong index, TreeDigest own, TreeDigest sibling)
    {
        if ((index & 1) == 0)
            Write(pair, own, sibling);
        else
            Write(pair, sibling, own);
    }

    // Parents never overtake the nodes that are still to be read.
    private void Step(ulong index, ref int parents, ref int pending)
    {
        _indices[parents + pending] = index >> 1;
        if (++pending < RunPairs)
            return;
        Compress(parents, pending);
        (parents, pending) = (parents + pending, 0);
    }

    private void Finish(int parents, int pending)
    {
        Compress(parents, pending);
        Count = parents + pending;
    }

    private void Compress(int parents, int pending)
    {
        if (pending > 0)
        {
            Poseidon2Compression.CompressRows(
                Poseidon2Parameters.Width16, _pairs.AsSpan(0, pending * PairElements), TreeDigest.ElementsOf(_digests.AsSpan(parents, pending)), TreeDigest.Elements);
        }
    }
}
