using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Server.Backups;

/// <summary>
/// A file under a passphrase, written from front to back. The layout is
/// <code>
/// "TRIBBACK" | version (1) | length of the box (2) | box: a random key under the passphrase (scrypt, SecretBox)
/// then parts:  length (4) | ciphertext | tag (16)
/// </code>
/// Each part is sealed with AES-256-GCM; its nonce is its number and whether it is the last one, so that parts can be neither moved, left out nor
/// cut off at the end.
/// </summary>
internal sealed class SealedWriter : Stream
{
    internal const int PartBytes = 256 * 1024;
    internal const int TagBytes = 16;
    internal const byte Version = 1;
    internal const int BoxBytesMax = 1024;
    private readonly Stream _target;
    private readonly AesGcm _cipher;
    private readonly byte[] _part = new byte[PartBytes];
    private int _filled;
    private ulong _number;
    private bool _isClosed;

    private SealedWriter(Stream target, AesGcm cipher)
    {
        _target = target;
        _cipher = cipher;
    }

    internal static ReadOnlySpan<byte> Magic => "TRIBBACK"u8;

    internal static ReadOnlySpan<byte> Context => "tributary backup/1"u8;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Begins a file. Refused for a passphrase that is empty or too long.</summary>
    public static Result<SealedWriter, Refusal> Create(Stream target, ReadOnlySpan<char> passphrase, IEntropy entropy)
    {
        Span<byte> key = stackalloc byte[32];
        entropy.Fill(key);
        try
        {
            if (!Crypto.SecretBox.Seal(key, passphrase, Context, entropy).TryGet(out var box, out var refusal))
                return refusal;
            Span<byte> head = stackalloc byte[Magic.Length + 3];
            Magic.CopyTo(head);
            head[Magic.Length] = Version;
            BinaryPrimitives.WriteUInt16LittleEndian(head[(Magic.Length + 1)..], (ushort)box.Length);
            target.Write(head);
            target.Write(box);
            return new SealedWriter(target, new AesGcm(key, TagBytes));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            // A full part waits until it is known that it is not the last one.
            if (_filled == PartBytes)
                WritePart(isLast: false);
            var taken = Math.Min(PartBytes - _filled, buffer.Length);
            buffer[..taken].CopyTo(_part.AsSpan(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Parts are whole when they are written.
    }

    /// <summary>Writes the last part: a file without it is cut off, and says so when it is read.</summary>
    public void Complete()
    {
        WritePart(isLast: true);
        _isClosed = true;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    internal static void Nonce(Span<byte> nonce, ulong number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, number);
        nonce[11] = isLast ? (byte)1 : (byte)0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _cipher.Dispose();
        base.Dispose(disposing);
    }

    private void WritePart(bool isLast)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, _number++, isLast);
        var sealedPart = new byte[sizeof(int) + _filled + TagBytes];
        BinaryPrimitives.WriteInt32LittleEndian(sealedPart, _filled);
        _cipher.Encrypt(nonce, _part.AsSpan(0, _filled), sealedPart.AsSpan(sizeof(int), _filled), sealedPart.AsSpan(sizeof(int) + _filled), sealedPart.AsSpan(0, sizeof(int)));
        _target.Write(sealedPart);
        _filled = 0;
    }
}
