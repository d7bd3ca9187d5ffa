namespace Tributary.Intelligence.Privacy.Records;

/// <summary>
/// Erasures as they stand in the file: the records of one follow each other, each saying how many are still to come and how many there are. One of which
/// a crash kept only a part never was: half of it would tear a person from what is theirs.
/// </summary>
internal sealed class ErasureBatches
{
    private readonly List<(long End, List<long> Places)> _whole = [];
    private List<long> _places = [];
    private long _next;

    /// <summary>What the record of an erasure says of itself.</summary>
    /// <param name="place">The record to be wiped.</param>
    /// <param name="index">Its index in the erasure.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="synced">Records on disk for certain.</param>
    public static KeyRecord RecordOf(long place, int index, int count, long synced) =>
        new(KeyRecordType.Erasing, place, Other: count - 1 - index, synced, Locator: (UInt128)count);

    /// <summary>Takes the next record of an erasure in the file.</summary>
    public void Take(long place, KeyRecord record)
    {
        if (record.Other == (long)record.Locator - 1)
            _places = [];
        else if (place != _next || (long)record.Locator - 1 - record.Other != _places.Count)
            return;
        _places.Add(record.Number);
        _next = place + 1;
        if (record.Other == 0)
            _whole.Add((place, _places));
    }

    /// <summary>What is erased by erasures that end before a place.</summary>
    public HashSet<long> Before(long end) => [.. _whole.Where(batch => batch.End < end).SelectMany(static batch => batch.Places)];
}
