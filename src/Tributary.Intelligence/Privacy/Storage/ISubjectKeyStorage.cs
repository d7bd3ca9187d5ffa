namespace Tributary.Intelligence.Privacy.Storage;

/// <summary>
/// Where keys are: numbered segments that only grow, and from which bytes can be destroyed. Not in a record log, which never forgets. One writer at
/// a time. Broken I/O is an <see cref="IOException"/>.
/// </summary>
public interface ISubjectKeyStorage
{
    /// <summary>The segments there are, in ascending order.</summary>
    IReadOnlyList<int> Segments { get; }

    /// <summary>Bytes of a segment.</summary>
    long Length(int segment);

    /// <summary>Reads at an offset; returns how many bytes there were, zero at the end.</summary>
    int Read(int segment, long offset, Span<byte> destination);

    /// <summary>Appends to a segment, which is created when it is not there. What is appended may be lost until it is synced.</summary>
    void Append(int segment, ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything written to the segment, and the segment's existence, survive a loss of power.</summary>
    void Sync(int segment);

    /// <summary>Cuts a segment to a length, durably.</summary>
    void Truncate(int segment, long length);

    /// <summary>Writes zeros over bytes of a segment; they are gone for good after the next <see cref="Sync"/>.</summary>
    void Wipe(int segment, long offset, int length);

    /// <summary>Writes zeros over a whole segment and removes it, durably.</summary>
    void Destroy(int segment);
}
