using Tributary.Intelligence.Privacy.Storage;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Privacy.Records;

/// <summary>A segment read from its beginning to its end: what of it counts, and where it is torn.</summary>
internal sealed class KeyFile
{
    private const int ChunkRecords = 4_096;

    private KeyFile(long nextNumber) => NextNumber = nextNumber;

    /// <summary>False for a segment whose beginning never was on disk whole: nothing in it was ever acknowledged.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The number of the next key when the segment began.</summary>
    public long NextNumber { get; }

    /// <summary>Records that count, the header included; what stands behind them is a torn tail.</summary>
    public long Records { get; private set; }

    /// <summary>Records that are to be wiped and are not yet.</summary>
    public List<long> Unwiped { get; } = [];

    /// <summary>
    /// Reads a segment and hands over each key and link that counts. Refused: damage before what was on disk for certain; the segment is left as it is.
    /// </summary>
    /// <param name="storage">Where it is.</param>
    /// <param name="segment">Its number.</param>
    /// <param name="header">Receives the header's bytes.</param>
    /// <param name="take">Takes a record, its place and its bytes; false refuses it.</param>
    public static Result<KeyFile, Refusal> Read(ISubjectKeyStorage storage, int segment, Span<byte> header, TakeRecord take)
    {
        if (Fill(storage, segment, 0, header) < KeyRecord.Length || !KeyFileHeader.TryRead(header, segment, out var nextNumber))
            return new KeyFile(1);
        var file = new KeyFile(nextNumber);
        var (erasing, firstBad) = file.Survey(storage, segment);
        if (!file.IsComplete)
            return file;
        if (firstBad < file.Records)
            return Damage(segment, firstBad);
        return file.Replay(storage, segment, erasing, take) is { } bad ? Damage(segment, bad) : file;
    }

    // Twice over the file: first what is erased and where it ends, then what is left. A record to be wiped may be half wiped.
    private (HashSet<long> Erasing, long FirstBad) Survey(ISubjectKeyStorage storage, int segment)
    {
        var batches = new ErasureBatches();
        var unsound = new List<long>();
        long synced = 0, last = 0;
        foreach (var (place, bytes) in Each(storage, segment))
        {
            if (!KeyRecord.TryRead(bytes.Span, out var record))
            {
                unsound.Add(place);
                continue;
            }

            last = place;
            synced = Math.Max(synced, record.Synced);
            IsComplete |= record.Type == KeyRecordType.Complete;
            if (record.Type == KeyRecordType.Erasing)
                batches.Take(place, record);
        }

        // A hole behind what was synced ends the file: nothing behind it was acknowledged. Only what was synced is ever wiped.
        Records = last + 1;
        foreach (var place in unsound)
            Records = place >= synced ? Math.Min(Records, place) : Records;
        var erasing = batches.Before(Records);
        var firstBad = long.MaxValue;
        foreach (var place in unsound)
            firstBad = place < synced && !erasing.Contains(place) ? Math.Min(firstBad, place) : firstBad;
        return (erasing, firstBad);
    }

    private long? Replay(ISubjectKeyStorage storage, int segment, HashSet<long> erasing, TakeRecord take)
    {
        foreach (var (place, bytes) in Each(storage, segment))
        {
            if (place >= Records)
                break;
            if (erasing.Contains(place))
            {
                if (bytes.Span.ContainsAnyExcept((byte)0))
                    Unwiped.Add(place);
                continue;
            }

            if (!KeyRecord.TryRead(bytes.Span, out var record) || (record.Type is KeyRecordType.Key or KeyRecordType.Link && !take(record, place, bytes.Span)))
                return place;
        }

        return null;
    }

    private static IEnumerable<(long Place, Memory<byte> Bytes)> Each(ISubjectKeyStorage storage, int segment)
    {
        var records = (int)Math.Clamp(storage.Length(segment) / KeyRecord.Length, 1, ChunkRecords);
        var buffer = new byte[records * KeyRecord.Length];
        for (var place = 1L; ;)
        {
            var whole = Fill(storage, segment, place * KeyRecord.Length, buffer) / KeyRecord.Length;
            for (var i = 0; i < whole; i++)
                yield return (place++, buffer.AsMemory(i * KeyRecord.Length, KeyRecord.Length));
            if (whole < records)
                yield break;
        }
    }

    private static int Fill(ISubjectKeyStorage storage, int segment, long offset, Span<byte> destination)
    {
        var filled = 0;
        while (filled < destination.Length && storage.Read(segment, offset + filled, destination[filled..]) is var read && read > 0)
            filled += read;
        return filled;
    }

    private static Refusal Damage(int segment, long place) => new(
        $"segment {segment}, record {place}",
        "The keys are damaged where they had been on disk for certain. Nothing was changed: restore them from a backup and reapply the receipts of later erasures.");
}
