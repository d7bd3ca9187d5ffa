namespace Tributary.Intelligence.Journal.Storage;

/// <summary>
/// Where a journal's bytes are: numbered segments that only grow, except for a torn tail that recovery cuts off. One writer at a time.
/// Broken I/O is an <see cref="IOException"/>.
/// </summary>
public interface IJournalStorage
{
    /// <summary>The segments there are, in ascending order.</summary>
    IReadOnlyList<int> Segments { get; }

    /// <summary>Bytes of a segment.</summary>
    long Length(int segment);

    /// <summary>Reads at an offset; returns how many bytes there were, zero at the end.</summary>
    int Read(int segment, long offset, Span<byte> destination);

    /// <summary>Appends to a segment, which is created when it is not there. What is appended may be lost until it is synced.</summary>
    void Append(int segment, ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything appended to the segment, and the segment's existence, survive a loss of power.</summary>
    void Sync(int segment);

    /// <summary>Cuts a segment to a length, durably.</summary>
    void Truncate(int segment, long length);
}
