using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>
/// Secret bytes in memory that the collector does not move (a move would leave a copy behind), overwritten on Dispose, or by a finalizer
/// when an owner forgets. Never printed; compared in constant time.
/// </summary>
[DebuggerDisplay("secret")]
public sealed class SecretBytes : IDisposable
{
    // The finalizer hangs on the array and not on this object: a span over the bytes keeps the array alive and nothing else, and a key that
    // turned into zeros while it signs could give itself away.
    private static readonly ConditionalWeakTable<byte[], Eraser> s_erasers = [];

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly Eraser _eraser;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private byte[]? _bytes;

    internal SecretBytes(int length)
    {
        _bytes = GC.AllocateArray<byte>(length, pinned: true);
        _eraser = new Eraser(_bytes);
        s_erasers.Add(_bytes, _eraser);
    }

    /// <summary>Copies the bytes; the caller zeroes its own.</summary>
    public SecretBytes(ReadOnlySpan<byte> bytes)
        : this(bytes.Length) => bytes.CopyTo(_bytes);

    /// <summary>How many bytes.</summary>
    public int Length => Span.Length;

    /// <summary>The bytes in place, writable.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal Span<byte> Span => _bytes ?? throw new ObjectDisposedException(null, "The secret was disposed of.");

    /// <summary>The bytes in place, for as long as this is not disposed of.</summary>
    public ReadOnlySpan<byte> Reveal() => Span;

    /// <summary>Copies the bytes to the start of the destination. The caller zeroes them.</summary>
    public void WriteTo(Span<byte> destination) => Span.CopyTo(destination);

    /// <summary>True for the same bytes; for equal lengths it takes the same time either way.</summary>
    public bool ConstantTimeEquals(SecretBytes other) => CryptographicOperations.FixedTimeEquals(Span, other.Span);

    public void Dispose()
    {
        _bytes = null;
        _eraser.Dispose();
    }

    /// <summary>Never the bytes.</summary>
    public override string ToString() => "(secret)";

    [SuppressMessage("Design", "MA0055", Justification = "The last line of defence for a secret whose owner forgot to dispose of it.")]
    private sealed class Eraser(byte[] bytes) : IDisposable
    {
        ~Eraser() => CryptographicOperations.ZeroMemory(bytes);

        public void Dispose()
        {
            CryptographicOperations.ZeroMemory(bytes);
            GC.SuppressFinalize(this);
        }
    }
}
