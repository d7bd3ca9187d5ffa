namespace Tributary.Intelligence.Privacy.Records;

/// <summary>Takes a record at its place; false where it cannot be what it says.</summary>
internal delegate bool TakeRecord(KeyRecord record, long place, Span<byte> bytes);
