namespace Tributary.Storage.Logs;

/// <summary>Where a durable record lies, until a checkpoint covers it.</summary>
/// <param name="Segment">The segment's number.</param>
/// <param name="Offset">Byte in the segment.</param>
/// <param name="Length">Bytes of the record.</param>
public readonly record struct RecordLocation(ulong Segment, long Offset, int Length);
