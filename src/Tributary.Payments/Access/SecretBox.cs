using System.Security.Cryptography;
using System.Text;

namespace Tributary.Payments.Access;

/// <summary>
/// Keeps secrets that have to be used again (a webhook's signing key) out of the database in clear: AES-256-GCM under a key that lies elsewhere. A
/// stolen database or backup alone signs nothing.
/// </summary>
public sealed class SecretBox : IDisposable
{
    private const byte FormatVersion = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    // A cipher of the library serves one call at a time.
    private readonly Lock _sync = new();
    private readonly AesGcm _cipher;

    /// <param name="key32">32 random bytes; copied.</param>
    public SecretBox(ReadOnlySpan<byte> key32)
    {
        if (key32.Length != 32)
            throw new ArgumentException("A key takes 32 bytes.", nameof(key32));
        _cipher = new AesGcm(key32, TagLength);
    }

    /// <summary>Encrypts a secret for one purpose: it opens under the same purpose only.</summary>
    public byte[] Seal(string secret, string purpose)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var box = new byte[1 + NonceLength + text.Length + TagLength];
        box[0] = FormatVersion;
        var nonce = box.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        lock (_sync)
            _cipher.Encrypt(nonce, text, box.AsSpan(1 + NonceLength, text.Length), box.AsSpan(1 + NonceLength + text.Length), Encoding.UTF8.GetBytes(purpose));
        CryptographicOperations.ZeroMemory(text);
        return box;
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="CryptographicException">It was made under another key or for another purpose, or is damaged.</exception>
    public string Open(ReadOnlySpan<byte> box, string purpose)
    {
        if (box.Length < 1 + NonceLength + TagLength || box[0] != FormatVersion)
            throw new CryptographicException("This is no sealed secret.");
        var text = new byte[box.Length - 1 - NonceLength - TagLength];
        lock (_sync)
            _cipher.Decrypt(box.Slice(1, NonceLength), box.Slice(1 + NonceLength, text.Length), box[^TagLength..], text, Encoding.UTF8.GetBytes(purpose));
        return Encoding.UTF8.GetString(text);
    }

    public void Dispose() => _cipher.Dispose();
}
