using Tributary.Finance.State;
using Tributary.Primitives.Results;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Rollup.State;

/// <summary>
/// Changes of leaves on their way into the tree. It takes what <see cref="FinanceState.ReadChanges"/> gives, of one operation or of many one after the
/// other; the last change of a leaf counts. A leaf that the tree has no room for is remembered as a refusal.
/// </summary>
public sealed class LeafBatch : ILeafSink
{
    private readonly List<(ulong Index, int Order)> _places = [];
    private readonly List<(LeafKind Kind, int Start, int Length)> _values = [];
    private byte[] _bytes = new byte[1024];
    private int _used;

    /// <summary>Why a leaf had no place; null where all had.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Changes taken, with repetitions.</summary>
    public int Count => _places.Count;

    public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (!StateAddress.Find(key).TryGet(out var index, out var refusal))
        {
            Refusal ??= refusal;
            return;
        }

        if (_used + after.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_used + after.Length, 2 * _bytes.Length));
        after.CopyTo(_bytes.AsSpan(_used));
        _places.Add((index, _values.Count));
        _values.Add((key.Kind, _used, after.Length));
        _used += after.Length;
    }

    /// <summary>Forgets all changes and keeps the memory.</summary>
    public void Clear()
    {
        _places.Clear();
        _values.Clear();
        (_used, Refusal) = (0, null);
    }

    /// <summary>The leaves by index, each once, with their digests; the digest of an empty leaf is the default.</summary>
    internal (ulong[] Indices, TreeDigest[] Digests) Hash()
    {
        _places.Sort();
        var last = new List<(ulong Index, int Order)>(_places.Count);
        for (var i = 0; i < _places.Count; i++)
        {
            if (i + 1 == _places.Count || _places[i + 1].Index != _places[i].Index)
                last.Add(_places[i]);
        }

        var digests = new TreeDigest[last.Count];
        List<int> open = [.. Enumerable.Range(0, last.Count).Where(place => Value(last[place].Order).Length > 0)];
        const int width = TreeDigest.Elements + TreeHash.BlockElements;
        var rows = new KoalaBear[open.Count * width];
        var outputs = new KoalaBear[open.Count * TreeDigest.Elements];
        for (var block = 0; open.Count > 0; block++)
        {
            for (var i = 0; i < open.Count; i++)
            {
                var row = rows.AsSpan(i * width, width);
                var order = last[open[i]].Order;
                if (block == 0)
                    TreeHash.Start(TreeHash.Tag(_values[order].Kind, Value(order)), row);
                else
                    digests[open[i]].Span.CopyTo(row);
                TreeHash.WriteBlock(_values[order].Kind, Value(order), block, row[TreeDigest.Elements..]);
            }

            Poseidon2Compression.CompressRows(
                Poseidon2Parameters.Width24, rows.AsSpan(0, open.Count * width), outputs.AsSpan(0, open.Count * TreeDigest.Elements), TreeDigest.Elements);
            for (var i = 0; i < open.Count; i++)
                digests[open[i]] = new TreeDigest(outputs.AsSpan(i * TreeDigest.Elements, TreeDigest.Elements));
            open.RemoveAll(place => TreeHash.Blocks(_values[last[place].Order].Kind, Value(last[place].Order)) <= block + 1);
        }

        return ([.. last.Select(static place => place.Index)], digests);
    }

    private ReadOnlySpan<byte> Value(int order) => _bytes.AsSpan(_values[order].Start, _values[order].Length);
}
