namespace Tributary.Storage.Logs;

/// <summary>A batch that has its place in the order and is on its way to disk.</summary>
public readonly struct LogCommit
{
    private readonly CommitGroup _group;
    private readonly int _offset;

    internal LogCommit(LogSequence sequence, CommitGroup group, int offset)
    {
        Sequence = sequence;
        _group = group;
        _offset = offset;
    }

    /// <summary>Its number.</summary>
    public LogSequence Sequence { get; }

    /// <summary>
    /// Completes when the batch, and with it every one before, is safe by the log's <see cref="FlushPolicy"/>, which is to survive a loss of power; fails with a <see cref="Errors.StorageStoppedException"/>
    /// when that is not known and never will be.
    /// </summary>
    public Task Durable => _group.Durable;

    /// <summary>Where a record of the batch lies, once it is durable.</summary>
    /// <param name="batch">The batch as it was appended.</param>
    /// <param name="index">The record in it.</param>
    public RecordLocation Locate(LogBatch batch, int index)
    {
        if (!Durable.IsCompletedSuccessfully)
            throw new InvalidOperationException("The batch is not durable yet.");
        var (offset, length) = batch.Place(index);
        return new RecordLocation(_group.Segment, _group.BodyOffset + _offset + offset, length);
    }
}
