namespace Tributary.Bitcoin.Chain.Embedded.Store;

/// <summary>The bytes under a <see cref="ChainLog"/>: a file, memory, or a test's faulty disk. One owner; failures are <see cref="IOException"/>s.</summary>
internal interface ILogFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills the whole span; bytes past the end are an <see cref="EndOfStreamException"/>.</summary>
    void Read(long offset, Span<byte> destination);

    /// <summary>Writes at the end, to be durable after <see cref="Flush"/>.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything appended survives a loss of power.</summary>
    void Flush();

    /// <summary>Cuts the end off, durably.</summary>
    void Truncate(long length);
}
