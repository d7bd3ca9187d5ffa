using Tributary.Bitcoin.Chain.Embedded.Store;

namespace Tributary.Bitcoin.Tests.Chain.Embedded.Store;

/// <summary>A disk that keeps what was flushed and, on a day that can be chosen, refuses.</summary>
internal sealed class FaultyLogFile(byte[] content) : ILogFile
{
    private readonly List<byte> _bytes = [.. content];

    /// <summary>Appends until then succeed; the one after writes half of its bytes and fails. Negative: never.</summary>
    internal int AppendsLeft { get; set; } = -1;

    /// <summary>Flushes until then succeed. Negative: all do.</summary>
    internal int FlushesLeft { get; set; } = -1;

    /// <summary>What is on the disk for sure.</summary>
    internal byte[] Durable { get; private set; } = content;

    /// <summary>What has been handed to the disk.</summary>
    internal byte[] Written => [.. _bytes];

    /// <summary>Sizes of the file after each flush: every one is the end of something acknowledged.</summary>
    internal List<int> Flushed { get; } = [];

    public long Length => _bytes.Count;

    public void Read(long offset, Span<byte> destination)
    {
        if (offset + destination.Length > _bytes.Count)
            throw new EndOfStreamException();
        for (var i = 0; i < destination.Length; i++)
            destination[i] = _bytes[(int)offset + i];
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (AppendsLeft == 0)
        {
            _bytes.AddRange(bytes[..(bytes.Length / 2)].ToArray());
            throw new IOException("No space left on device");
        }

        AppendsLeft--;
        _bytes.AddRange(bytes.ToArray());
    }

    public void Flush()
    {
        if (FlushesLeft == 0)
            throw new IOException("Input/output error");
        FlushesLeft--;
        Durable = Written;
        Flushed.Add(Durable.Length);
    }

    public void Truncate(long length)
    {
        _bytes.RemoveRange((int)length, _bytes.Count - (int)length);
        Durable = Written;
    }

    public void Dispose()
    {
    }
}
