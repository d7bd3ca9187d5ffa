using System.Buffers;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>The body of an answer in a rented buffer, never larger than its bound. The buffer grows with the bytes that come, not with what is claimed.</summary>
internal sealed class BoundedBody : IDisposable
{
    private const int FirstBytes = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _length;

    private BoundedBody()
    {
    }

    /// <summary>What was read; valid until disposal.</summary>
    internal ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Reads to the end; null when the body is larger than the bound.</summary>
    internal static async ValueTask<BoundedBody?> ReadAsync(Stream stream, long? claimedLength, int bytesMax, CancellationToken cancellationToken)
    {
        if (claimedLength > bytesMax)
            return null;

        var body = new BoundedBody();
        try
        {
            while (true)
            {
                var read = await stream.ReadAsync(body._buffer.AsMemory(body._length), cancellationToken);
                if (read == 0)
                    return body;
                body._length += read;
                if (body._length > bytesMax)
                {
                    body.Dispose();
                    return null;
                }

                if (body._length == body._buffer.Length)
                    body.Grow();
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(_buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
