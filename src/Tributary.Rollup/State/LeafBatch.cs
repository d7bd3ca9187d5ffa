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
    private const int Width = TreeDigest.Elements + TreeHash.BlockElements;
    private const int RunRows = 512;

    private readonly AddressSorter _sorter = new();
    private readonly KoalaBear[] _rows = new KoalaBear[RunRows * Width];
    private readonly TreeDigest[] _outputs = new TreeDigest[RunRows];
    private readonly List<int> _long = [];
    private Entry[] _entries = new Entry[64];
    private ulong[] _indices = [];
    private TreeDigest[] _digests = [];
    private int[] _last = [];
    private byte[] _bytes = new byte[1024];
    private int _used;

    /// <summary>Why a leaf had no place; null where all had.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Changes taken, with repetitions.</summary>
    public int Count { get; private set; }

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
        if (Count == _entries.Length)
            Array.Resize(ref _entries, 2 * Count);
        _entries[Count++] = new Entry(index, after.IsEmpty ? 0 : TreeHash.Tag(key.Kind, after), _used, after.Length);
        _used += after.Length;
    }

    /// <summary>Forgets all changes and keeps the memory.</summary>
    public void Clear()
    {
        (Count, _used, Refusal) = (0, 0, null);
    }

    /// <summary>The leaves by index, each once, with their digests; the digest of an empty leaf is the default. Valid until the batch changes.</summary>
    internal void Hash(out ReadOnlySpan<ulong> indices, out ReadOnlySpan<TreeDigest> digests)
    {
        var count = FindLast();
        _long.Clear();
        for (var first = 0; first < count; first += RunRows)
        {
            var rows = Math.Min(RunRows, count - first);
            for (var i = 0; i < rows; i++)
                WriteRow(_rows.AsSpan(i * Width, Width), first + i);
            Compress(rows, _digests.AsSpan(first, rows));
            for (var i = first; i < first + rows; i++)
            {
                ref var entry = ref _entries[_last[i]];
                if (entry.Length == 0)
                    _digests[i] = default;
                else if (TreeHash.Blocks(entry.Tag, entry.Length) > 1)
                    _long.Add(i);
            }
        }

        HashLong();
        indices = _indices.AsSpan(0, count);
        digests = _digests.AsSpan(0, count);
    }

    /// <summary>Sorts the changes; of each leaf the last one counts. Gives the number of leaves.</summary>
    private int FindLast()
    {
        var unsorted = _sorter.Begin(Count);
        for (var i = 0; i < unsorted.Length; i++)
            unsorted[i] = _entries[i].Index;
        var places = _sorter.Sort();
        var sorted = _sorter.Addresses;
        if (_last.Length < Count)
            (_indices, _digests, _last) = (new ulong[_entries.Length], new TreeDigest[_entries.Length], new int[_entries.Length]);
        var count = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i + 1 < sorted.Length && sorted[i + 1] == sorted[i])
                continue;
            (_indices[count], _last[count]) = (sorted[i], places[i]);
            count++;
        }

        return count;
    }

    private void WriteRow(Span<KoalaBear> row, int leaf)
    {
        ref var entry = ref _entries[_last[leaf]];
        TreeHash.Start(entry.Tag, row);
        TreeHash.WriteBlock(entry.Tag, _bytes.AsSpan(entry.Start, entry.Length), 0, row[TreeDigest.Elements..]);
    }

    // The few leaves of more than one block: step by step, all that go on together.
    private void HashLong()
    {
        for (var block = 1; _long.Count > 0; block++)
        {
            for (var first = 0; first < _long.Count; first += RunRows)
            {
                var rows = Math.Min(RunRows, _long.Count - first);
                for (var i = 0; i < rows; i++)
                {
                    var row = _rows.AsSpan(i * Width, Width);
                    ref var entry = ref _entries[_last[_long[first + i]]];
                    _digests[_long[first + i]].Span.CopyTo(row);
                    TreeHash.WriteBlock(entry.Tag, _bytes.AsSpan(entry.Start, entry.Length), block, row[TreeDigest.Elements..]);
                }

                Compress(rows, _outputs.AsSpan(0, rows));
                for (var i = 0; i < rows; i++)
                    _digests[_long[first + i]] = _outputs[i];
            }

            var next = block + 1;
            _long.RemoveAll(leaf => TreeHash.Blocks(_entries[_last[leaf]].Tag, _entries[_last[leaf]].Length) <= next);
        }
    }

    private void Compress(int rows, Span<TreeDigest> digests) => Poseidon2Compression.CompressRows(
        Poseidon2Parameters.Width24, _rows.AsSpan(0, rows * Width), TreeDigest.ElementsOf(digests), TreeDigest.Elements);

    private readonly record struct Entry(ulong Index, uint Tag, int Start, int Length);
}
