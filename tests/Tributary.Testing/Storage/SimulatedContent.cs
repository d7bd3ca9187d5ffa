using System.Runtime.InteropServices;
using Tributary.Primitives.Randomness;

namespace Tributary.Testing.Storage;

/// <summary>The bytes of a simulated file: as the system shows them, as they are on the medium, and which sectors differ.</summary>
internal sealed class SimulatedContent
{
    private const int SectorBytes = SimulatedDisk.SectorBytes;

    private readonly List<byte> _durable = [];
    private readonly SortedSet<int> _dirty = [];

    /// <summary>Sectors whose flush failed: clean to the system, and perhaps not on the medium.</summary>
    private readonly SortedSet<int> _forgotten = [];

    internal List<byte> Current { get; } = [];

    internal int Read(long offset, Span<byte> destination)
    {
        var count = (int)Math.Clamp(Current.Count - offset, 0, destination.Length);
        if (count > 0)
            CollectionsMarshal.AsSpan(Current).Slice((int)offset, count).CopyTo(destination);
        return count;
    }

    internal void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Current.Count);
        if (bytes.IsEmpty)
            return;
        var end = (int)offset + bytes.Length;
        if (end > Current.Count)
            CollectionsMarshal.SetCount(Current, end);
        bytes.CopyTo(CollectionsMarshal.AsSpan(Current)[(int)offset..]);
        for (var sector = (int)offset / SectorBytes; sector * SectorBytes < end; sector++)
        {
            _dirty.Add(sector);
            _forgotten.Remove(sector);
        }
    }

    internal void Truncate(int length)
    {
        if (length >= Current.Count)
            return;
        CollectionsMarshal.SetCount(Current, length);
        _dirty.Add(length / SectorBytes);
    }

    internal void Flush(bool succeeds, Xoshiro256 random)
    {
        if (!succeeds)
        {
            // Some pages made it, the others are lost and marked clean.
            foreach (var sector in _dirty.ToArray())
            {
                if (random.NextUInt64() % 2 == 0)
                    Store(sector, Current.Count);
                else
                    _forgotten.Add(sector);
            }

            _dirty.Clear();
            return;
        }

        if (_durable.Count > Current.Count)
            _durable.RemoveRange(Current.Count, _durable.Count - Current.Count);
        foreach (var sector in _dirty)
            Store(sector, Current.Count);
        Extend(Current.Count);
        _dirty.Clear();
    }

    internal void Crash(Xoshiro256 random)
    {
        var (shorter, longer) = (Math.Min(_durable.Count, Current.Count), Math.Max(_durable.Count, Current.Count));
        var length = shorter + (int)(random.NextUInt64() % (ulong)(longer - shorter + 1));
        foreach (var sector in _dirty)
        {
            if (random.NextUInt64() % 2 == 0)
                Store(sector, Current.Count);
            else if (sector * SectorBytes >= shorter && random.NextUInt64() % 4 == 0)
                StoreGarbage(sector, random);
        }

        if (_durable.Count > length)
            _durable.RemoveRange(length, _durable.Count - length);
        Extend(length);
        Current.Clear();
        Current.AddRange(_durable);
        _dirty.Clear();
        _forgotten.Clear();
    }

    internal void Flip(int offset, byte mask)
    {
        Current[offset] ^= mask;
        if (offset < _durable.Count)
            _durable[offset] ^= mask;
    }

    private void Store(int sector, int limit)
    {
        var (start, end) = (sector * SectorBytes, Math.Min((sector + 1) * SectorBytes, limit));
        if (end <= start)
            return;
        Extend(end);
        for (var i = start; i < end; i++)
            _durable[i] = Current[i];
    }

    /// <summary>A block that another file left behind.</summary>
    private void StoreGarbage(int sector, Xoshiro256 random)
    {
        Extend((sector + 1) * SectorBytes);
        for (var i = sector * SectorBytes; i < (sector + 1) * SectorBytes; i++)
            _durable[i] = (byte)random.NextUInt64();
    }

    private void Extend(int length)
    {
        var before = _durable.Count;
        if (before >= length)
            return;
        CollectionsMarshal.SetCount(_durable, length);
        CollectionsMarshal.AsSpan(_durable)[before..].Clear();
    }
}
