using Tributary.Intelligence.Journal.Storage;
using Tributary.Intelligence.Ranking.Sampling;

namespace Tributary.Intelligence.Tests.Journal.Storage;

/// <summary>
/// Storage in memory with a page cache that a crash may treat as disks do: what was synced stays; of the rest any pages may be there, in any
/// order, cut anywhere, the missing ones full of zeros.
/// </summary>
internal sealed class CrashingStorage : IJournalStorage
{
    private const int Page = 64;

    private readonly SortedDictionary<int, (List<byte> Bytes, int Synced)> _segments = [];

    public IReadOnlyList<int> Segments => [.. _segments.Keys];

    /// <summary>Appends or syncs that still succeed; then each throws.</summary>
    public int OperationsLeft { get; set; } = int.MaxValue;

    public long Length(int segment) => _segments[segment].Bytes.Count;

    public int Read(int segment, long offset, Span<byte> destination)
    {
        var bytes = _segments[segment].Bytes;
        var count = (int)Math.Clamp(bytes.Count - offset, 0, destination.Length);
        for (var i = 0; i < count; i++)
            destination[i] = bytes[(int)offset + i];
        return count;
    }

    public void Append(int segment, ReadOnlySpan<byte> bytes)
    {
        var (content, synced) = _segments.TryGetValue(segment, out var known) ? known : ([], 0);
        if (OperationsLeft-- <= 0)
        {
            content.AddRange(bytes[..(bytes.Length / 2)].ToArray());
            _segments[segment] = (content, synced);
            throw new IOException("The disk is full.");
        }

        content.AddRange(bytes.ToArray());
        _segments[segment] = (content, synced);
    }

    public void Sync(int segment)
    {
        if (OperationsLeft-- <= 0)
            throw new IOException("The disk does not answer.");
        var (content, _) = _segments[segment];
        _segments[segment] = (content, content.Count);
    }

    public void Truncate(int segment, long length)
    {
        var (content, _) = _segments[segment];
        content.RemoveRange((int)length, content.Count - (int)length);
        _segments[segment] = (content, content.Count);
    }

    /// <summary>The power fails: what a disk may then hold.</summary>
    public CrashingStorage Crash(Variates variates)
    {
        var after = new CrashingStorage();
        foreach (var (segment, (bytes, synced)) in _segments)
        {
            var length = synced + variates.NextIndex(bytes.Count - synced + 1);
            var kept = bytes.GetRange(0, length);
            for (var page = synced / Page; page * Page < length; page++)
            {
                if (variates.NextUniform() < 0.7)
                    continue;
                for (var i = Math.Max(synced, page * Page); i < Math.Min(length, (page + 1) * Page); i++)
                    kept[i] = 0;
            }

            // A segment whose creation was never synced may not be there at all.
            if (synced > 0 || variates.NextUniform() < 0.5)
                after._segments[segment] = (kept, kept.Count);
        }

        return after;
    }

    /// <summary>Changes one byte.</summary>
    public void Flip(int segment, int offset, byte mask = 1) => _segments[segment].Bytes[offset] ^= mask;

    public byte[] Bytes(int segment) => [.. _segments[segment].Bytes];

    public static CrashingStorage Of(params byte[][] segments)
    {
        var storage = new CrashingStorage();
        for (var i = 0; i < segments.Length; i++)
            storage._segments[i + 1] = ([.. segments[i]], segments[i].Length);
        return storage;
    }
}
