using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>
/// Secret bytes in memory that the collector does not move (a move would leave a copy behind), overwritten on Dispose, or by the finalizer
/// when an owner forgets. Never printed; compared in constant time.
/// </summary>
[DebuggerDisplay("secret")]
[SuppressMessage("Design", "MA0055", Justification = "The last line of defence for a secret whose owner forgot to dispose of it.")]
public sealed class SecretBytes : IDisposable
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private byte[]? _bytes;

    internal SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>Copies the bytes; the caller zeroes its own.</summary>
    public SecretBytes(ReadOnlySpan<byte> bytes)
        : this(bytes.Length) => bytes.CopyTo(_bytes);

    ~SecretBytes() => CryptographicOperations.ZeroMemory(_bytes);

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
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Never the bytes.</summary>
    public override string ToString() => "(secret)";
}
