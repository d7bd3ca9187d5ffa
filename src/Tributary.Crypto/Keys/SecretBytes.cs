using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>
/// Secret bytes in memory that the collector does not move (a move would leave a copy behind), overwritten on Dispose, or by the finalizer
/// when an owner forgets.
/// </summary>
[DebuggerDisplay("secret")]
[SuppressMessage("Design", "MA0055", Justification = "The last line of defence for a secret whose owner forgot to dispose of it.")]
internal sealed class SecretBytes : IDisposable
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private byte[]? _bytes;

    internal SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    internal SecretBytes(ReadOnlySpan<byte> bytes)
        : this(bytes.Length) => bytes.CopyTo(_bytes);

    ~SecretBytes() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>The bytes in place; not to be used after the owner is disposed.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal Span<byte> Span => _bytes ?? throw new ObjectDisposedException(null, "The secret was disposed of.");

    internal bool ConstantTimeEquals(SecretBytes other) => CryptographicOperations.FixedTimeEquals(Span, other.Span);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = null;
        GC.SuppressFinalize(this);
    }

    public override string ToString() => "secret";
}
