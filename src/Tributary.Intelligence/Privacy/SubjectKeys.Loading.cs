using Tributary.Intelligence.Privacy.Records;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Privacy;

/// <content>Opening: the newest segment that began whole counts; what a crash left beside it is removed.</content>
public sealed partial class SubjectKeys
{
    private Refusal? Load()
    {
        foreach (var segment in _storage.Segments.Reverse().ToArray())
        {
            var header = new byte[KeyRecord.Length];
            var isForeign = false;
            if (!KeyFile.Read(_storage, segment, header, (record, place, bytes) => Take(record, place, bytes, header, ref isForeign)).TryGet(out var file, out var damage))
                return isForeign ? Foreign() : damage;
            if (file.IsComplete)
            {
                // Without a key no record was opened: the header tells whose the keys are.
                if (_locatorKey.Length == 0 && !OpenHeader(header))
                    return Foreign();
                Continue(segment, file);
                return null;
            }

            // A first segment is as long as a header and its end when nobody has used it; anything else never counted.
            if (_storage.Segments[0] == segment && _storage.Length(segment) > 2 * KeyRecord.Length)
                return new Refusal($"segment {segment}", "The keys are damaged at their beginning. Nothing was changed: restore them from a backup.");
            _storage.Destroy(segment);
        }

        _locatorKey = new byte[KeySeal.KeyLength];
        _entropy.Fill(_locatorKey);
        Begin(segment: 1, []);
        return null;
    }

    private void Continue(int segment, KeyFile file)
    {
        _segment = segment;
        _records = file.Records;
        _nextNumber = Math.Max(file.NextNumber, _nextNumber);
        if (_storage.Length(segment) > file.Records * KeyRecord.Length)
            _storage.Truncate(segment, file.Records * KeyRecord.Length);

        // Records that only the page cache had kept through the crash count as on disk from now on.
        _storage.Sync(segment);
        _synced = _records;
        if (file.Unwiped.Count > 0)
            Wipe(file.Unwiped);
        foreach (var older in _storage.Segments.Where(other => other != segment).ToArray())
            _storage.Destroy(older);
    }

    // Writes a segment's header, all keys and links, and its end; it counts from the sync on.
    private void Begin(int segment, IReadOnlyCollection<SubjectEntry> entries)
    {
        using var bytes = new MemoryStream();
        Span<byte> record = stackalloc byte[KeyRecord.Length];
        KeyFileHeader.Write(record, segment, _nextNumber);
        _seal.Seal(record, _locatorKey, pseudonym: default, _entropy);
        bytes.Write(record);
        var records = 1L;
        foreach (var entry in entries)
        {
            new KeyRecord(KeyRecordType.Key, entry.Number, Other: 0, Synced: 0, entry.Locator).Write(record);
            _seal.Seal(record, entry.Key, entry.Pseudonym, _entropy);
            bytes.Write(record);
            entry.Place = records++;
        }

        foreach (var entry in entries)
        {
            foreach (var identity in entry.Identities?.Keys.Order().ToArray() ?? [])
            {
                new KeyRecord(KeyRecordType.Link, entry.Number, identity, Synced: 0, Locator: default).Write(record);
                KeyRecord.WriteChecksum(record);
                bytes.Write(record);
                entry.Identities![identity] = records++;
            }
        }

        // In two steps, so that the end is on disk only behind all that it vouches for.
        _storage.Append(segment, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        _storage.Sync(segment);
        (_segment, _records, _synced) = (segment, records, records);
        WriteMark(record);
        _storage.Append(segment, record);
        _storage.Sync(segment);
        (_records, _synced) = (records + 1, records + 1);
    }

    private bool Take(KeyRecord record, long place, Span<byte> bytes, Span<byte> header, ref bool isForeign)
    {
        if (_locatorKey.Length == 0 && !OpenHeader(header))
        {
            isForeign = true;
            return false;
        }

        if (record.Type == KeyRecordType.Link)
        {
            if (!_byNumber.TryGetValue(record.Number, out var person) || !_byNumber.TryGetValue(record.Other, out var identity))
                return false;
            Connect(person, identity, place);
            return true;
        }

        if (!_seal.TryOpen(bytes, out var key, out var pseudonym) || _byNumber.ContainsKey(record.Number) || _byLocator.ContainsKey(record.Locator))
            return false;
        Enter(new SubjectEntry(record.Number, record.Locator, key, pseudonym, place));
        _nextNumber = Math.Max(_nextNumber, record.Number + 1);
        return true;
    }

    private bool OpenHeader(Span<byte> header)
    {
        if (!_seal.TryOpen(header, out var key, out _))
            return false;
        _locatorKey = key;
        return true;
    }

    private static Refusal Foreign() => new("master key", "The keys were sealed under another master key.");
}
