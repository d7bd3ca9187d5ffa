using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Primitives.Results;

namespace Tributary.Server.Backups;

/// <summary>Reads what <see cref="SealedWriter"/> wrote, from front to back; nothing is handed out that was not authenticated.</summary>
internal sealed class SealedReader : Stream
{
    private readonly Stream _source;
    private readonly AesGcm _cipher;
    private readonly byte[] _part = new byte[SealedWriter.PartBytes];
    private int _filled;
    private int _read;
    private ulong _number;
    private bool _isLast;

    private SealedReader(Stream source, AesGcm cipher)
    {
        _source = source;
        _cipher = cipher;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a file. Refused: another kind of file, another version, the wrong passphrase.</summary>
    public static Result<SealedReader, Refusal> Open(Stream source, ReadOnlySpan<char> passphrase)
    {
        Span<byte> head = stackalloc byte[SealedWriter.Magic.Length + 3];
        if (source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.StartsWith(SealedWriter.Magic))
            return new Refusal("--from", "is not what 'tributary backup' writes, or is cut off");
        if (head[SealedWriter.Magic.Length] != SealedWriter.Version)
            return new Refusal("--from", $"has version {head[SealedWriter.Magic.Length]}; this program reads version {SealedWriter.Version}");
        int length = BinaryPrimitives.ReadUInt16LittleEndian(head[(SealedWriter.Magic.Length + 1)..]);
        if (length > SealedWriter.BoxBytesMax)
            return new Refusal("--from", "is damaged at its beginning");
        var box = new byte[length];
        if (source.ReadAtLeast(box, length, throwOnEndOfStream: false) < length)
            return new Refusal("--from", "is cut off at its beginning");
        if (!Crypto.SecretBox.Open(box, passphrase, SealedWriter.Context).TryGet(out var key, out var refusal))
            return refusal;
        using (key)
        {
            Span<byte> bytes = stackalloc byte[32];
            if (key.Length != bytes.Length)
                return new Refusal("--from", "is damaged at its beginning");
            key.Reveal().CopyTo(bytes);
            var reader = new SealedReader(source, new AesGcm(bytes, SealedWriter.TagBytes));
            CryptographicOperations.ZeroMemory(bytes);
            return reader;
        }
    }

    /// <exception cref="InvalidDataException">The file is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_read == _filled)
        {
            if (_isLast)
                return 0;
            ReadPart();
        }

        var taken = Math.Min(_filled - _read, buffer.Length);
        _part.AsSpan(_read, taken).CopyTo(buffer);
        _read += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // There is nothing to write.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _cipher.Dispose();
        base.Dispose(disposing);
    }

    private void ReadPart()
    {
        Span<byte> head = stackalloc byte[sizeof(int)];
        Span<byte> nonce = stackalloc byte[12];
        if (_source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            throw new InvalidDataException("The backup is cut off: its end is missing.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > SealedWriter.PartBytes)
            throw new InvalidDataException($"The backup is damaged in part {_number}.");
        var part = new byte[length + SealedWriter.TagBytes];
        if (_source.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
            throw new InvalidDataException("The backup is cut off: its end is missing.");

        // Only the last part may be short; a full one may be the last.
        foreach (var isLast in length == SealedWriter.PartBytes ? [false, true] : new[] { true })
        {
            SealedWriter.Nonce(nonce, _number, isLast);
            try
            {
                _cipher.Decrypt(nonce, part.AsSpan(0, length), part.AsSpan(length), _part.AsSpan(0, length), head);
            }
            catch (AuthenticationTagMismatchException)
            {
                continue;
            }

            _isLast = isLast;
            _number++;
            (_read, _filled) = (0, length);
            return;
        }

        throw new InvalidDataException($"The backup is damaged in part {_number}.");
    }
}
