namespace Tributary.Storage.Logs;

/// <summary>
/// Receives what a log holds when it is opened: the records of the checkpoint, then those of every batch behind it, in order. What was received
/// counts only once opening succeeds. Spans are valid during the call.
/// </summary>
public interface ILogReplay
{
    /// <summary>A record of the checkpoint.</summary>
    /// <returns>Null, or why the record cannot be: the log is then not opened.</returns>
    string? OnCheckpoint(ReadOnlySpan<byte> record);

    /// <summary>A record of a batch.</summary>
    /// <param name="batch">The batch's number: records of one batch share it.</param>
    /// <param name="location">Where it lies.</param>
    /// <param name="record">The record.</param>
    /// <returns>Null, or why the record cannot be: the log is then not opened.</returns>
    string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record);
}
