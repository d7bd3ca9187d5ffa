using Tributary.Intelligence.Privacy.Storage;
using Tributary.Intelligence.Ranking.Sampling;

namespace Tributary.Intelligence.Tests.Privacy.Storage;

/// <summary>
/// Keys in memory behind a page cache: what was synced stays through a crash; of later appends a part may be there, with holes, and of later wipes any.
/// </summary>
internal sealed class CrashingKeyStorage : ISubjectKeyStorage
{
    private const int Sector = 128;

    private readonly SortedDictionary<int, Content> _segments = [];

    public IReadOnlyList<int> Segments => [.. _segments.Keys];

    /// <summary>Writes and syncs that still succeed; then each throws.</summary>
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
        if (!_segments.TryGetValue(segment, out var content))
            _segments[segment] = content = new Content();
        var isFull = OperationsLeft-- <= 0;
        content.Bytes.AddRange(bytes[..(isFull ? bytes.Length / 2 : bytes.Length)].ToArray());
        if (isFull)
            throw new IOException("The disk is full.");
    }

    public void Sync(int segment)
    {
        Count();
        _segments[segment].Synced = _segments[segment].Bytes.Count;
        _segments[segment].Wiped.Clear();
    }

    public void Truncate(int segment, long length)
    {
        Count();
        var content = _segments[segment];
        content.Bytes.RemoveRange((int)length, content.Bytes.Count - (int)length);
        content.Synced = content.Bytes.Count;
    }

    public void Wipe(int segment, long offset, int length)
    {
        Count();
        var content = _segments[segment];
        content.Wiped.Add(((int)offset, [.. content.Bytes.GetRange((int)offset, length)]));
        for (var i = 0; i < length; i++)
            content.Bytes[(int)offset + i] = 0;
    }

    public void Destroy(int segment)
    {
        var content = _segments[segment];
        for (var i = 0; i < content.Bytes.Count / 2 / Sector * Sector; i++)
            content.Bytes[i] = 0;
        Count();
        _segments.Remove(segment);
    }

    /// <summary>The power fails: what a disk may then hold.</summary>
    public CrashingKeyStorage Crash(Variates variates)
    {
        var after = new CrashingKeyStorage();
        foreach (var (segment, content) in _segments)
        {
            var length = content.Synced + variates.NextIndex(content.Bytes.Count - content.Synced + 1);
            var kept = content.Bytes.GetRange(0, length);
            for (var at = content.Synced; at < length; at++)
                kept[at] = (at / Sector * 2654435761u) % 3 == 0 ? (byte)0 : kept[at];
            foreach (var (offset, bytes) in content.Wiped)
            {
                // A wipe that was not synced may not have happened, or only half of it.
                var undone = variates.NextIndex(3) * bytes.Length / 2;
                for (var i = 0; i < undone; i++)
                    kept[offset + i] = bytes[i];
            }

            if (content.Synced > 0 || variates.NextUniform() < 0.5)
                after._segments[segment] = new Content { Bytes = kept, Synced = kept.Count };
        }

        return after;
    }

    /// <summary>A copy, as a backup makes one.</summary>
    public CrashingKeyStorage Copy()
    {
        var copy = new CrashingKeyStorage();
        foreach (var (segment, content) in _segments)
            copy._segments[segment] = new Content { Bytes = [.. content.Bytes], Synced = content.Synced };
        return copy;
    }

    public void Flip(int segment, int offset, byte mask) => _segments[segment].Bytes[offset] ^= mask;

    /// <summary>All bytes there are.</summary>
    public byte[] All() => [.. _segments.Values.SelectMany(static content => content.Bytes)];

    private void Count()
    {
        if (OperationsLeft-- <= 0)
            throw new IOException("The disk does not answer.");
    }

    private sealed class Content
    {
        public List<byte> Bytes { get; init; } = [];

        public int Synced { get; set; }

        public List<(int Offset, byte[] Bytes)> Wiped { get; } = [];
    }
}
