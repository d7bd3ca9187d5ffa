using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Rollup.State;

/// <summary>Nodes of one height by index, and the step to the height above: all pairs are compressed together.</summary>
internal sealed class Frontier
{
    private const int PairElements = 2 * TreeDigest.Elements;

    private readonly List<ulong> _indices = [];
    private KoalaBear[] _digests = new KoalaBear[64 * TreeDigest.Elements];
    private KoalaBear[] _pairs = new KoalaBear[64 * PairElements];

    /// <summary>The digest of a sibling that is not among the nodes.</summary>
    public delegate TreeDigest Sibling(int height, ulong index);

    public int Count => _indices.Count;

    public ulong Index(int place) => _indices[place];

    public TreeDigest Digest(int place) => new(_digests.AsSpan(place * TreeDigest.Elements, TreeDigest.Elements));

    public void Clear() => _indices.Clear();

    /// <summary>Adds a node behind the others.</summary>
    public void Add(ulong index, TreeDigest digest)
    {
        var start = _indices.Count * TreeDigest.Elements;
        if (start == _digests.Length)
            Array.Resize(ref _digests, 2 * start);
        digest.Span.CopyTo(_digests.AsSpan(start));
        _indices.Add(index);
    }

    /// <summary>Replaces the nodes by their parents.</summary>
    public void Ascend(int height, Sibling sibling)
    {
        if (_pairs.Length < _indices.Count * PairElements)
            _pairs = new KoalaBear[_indices.Count * PairElements * 2];
        var parents = 0;
        for (var place = 0; place < _indices.Count; parents++)
        {
            var index = _indices[place];
            var pair = _pairs.AsSpan(parents * PairElements, PairElements);
            var own = _digests.AsSpan(place * TreeDigest.Elements, TreeDigest.Elements);
            if ((index & 1) == 0 && place + 1 < _indices.Count && _indices[place + 1] == index + 1)
            {
                _digests.AsSpan(place * TreeDigest.Elements, PairElements).CopyTo(pair);
                place += 2;
            }
            else
            {
                var other = sibling(height, index ^ 1);
                own.CopyTo(pair[((int)(index & 1) * TreeDigest.Elements)..]);
                other.Span.CopyTo(pair[((int)((index & 1) ^ 1) * TreeDigest.Elements)..]);
                place++;
            }

            _indices[parents] = index >> 1;
        }

        _indices.RemoveRange(parents, _indices.Count - parents);
        Poseidon2Compression.CompressRows(
            Poseidon2Parameters.Width16,
            _pairs.AsSpan(0, parents * PairElements),
            _digests.AsSpan(0, parents * TreeDigest.Elements),
            TreeDigest.Elements);
    }
}
