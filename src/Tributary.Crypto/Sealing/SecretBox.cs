using System.Security.Cryptography;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Crypto;

/// <summary>
/// Secrets at rest under a passphrase: scrypt makes the key, ChaCha20-Poly1305 seals. The layout is
/// <code>
/// "TBOX" | version 1 | log2 N | r | p | salt (32) | nonce (12) | ciphertext and tag (16)
/// </code>
/// All of the header is authenticated, and so is a context that the box itself does not hold ("wallet seed of wallet 7"), so that a box put
/// in another's place does not open. The passphrase is normalized (NFKD), so that it opens the box whatever keyboard it was typed on.
/// </summary>
public static class SecretBox
{
    /// <summary>Bytes by which a box is longer than its content.</summary>
    public const int Overhead = HeaderLength + AeadKey.TagLength;

    /// <summary>The most bytes that are sealed; a box is for keys, not for files.</summary>
    public const int ContentLengthMax = 1 << 20;

    /// <summary>The most characters of a passphrase.</summary>
    public const int PassphraseLengthMax = 1024;

    private const byte Version = 1;
    private const int VersionPlace = 4;
    private const int CostPlace = 5;
    private const int SaltPlace = 8;
    private const int SaltLength = 32;
    private const int NoncePlace = SaltPlace + SaltLength;
    private const int HeaderLength = NoncePlace + AeadKey.NonceLength;

    private static ReadOnlySpan<byte> Magic => "TBOX"u8;

    /// <summary>Seals at the default cost, which takes 64 MiB and a noticeable part of a second.</summary>
    public static Result<byte[], Refusal> Seal(ReadOnlySpan<byte> content, ReadOnlySpan<char> passphrase, ReadOnlySpan<byte> context, IEntropy entropy) =>
        Seal(content, passphrase, context, entropy, ScryptCost.Default);

    /// <summary>Seals; refused for an empty passphrase, or one or a content that is too long.</summary>
    public static Result<byte[], Refusal> Seal(
        ReadOnlySpan<byte> content, ReadOnlySpan<char> passphrase, ReadOnlySpan<byte> context, IEntropy entropy, ScryptCost cost)
    {
        if (content.Length > ContentLengthMax)
            return new Refusal("content", $"has {content.Length} bytes; at most {ContentLengthMax} are sealed");
        if (RefusePassphrase(passphrase) is { } refusal)
            return refusal;

        var box = new byte[Overhead + content.Length];
        Magic.CopyTo(box);
        box[VersionPlace] = Version;
        box[CostPlace] = (byte)cost.LogRounds;
        box[CostPlace + 1] = (byte)cost.BlockSize;
        box[CostPlace + 2] = (byte)cost.Parallelism;
        entropy.Fill(box.AsSpan(SaltPlace, SaltLength + AeadKey.NonceLength));

        using var key = DeriveKey(passphrase, box.AsSpan(SaltPlace, SaltLength), cost);
        key.Encrypt(box.AsSpan(NoncePlace, AeadKey.NonceLength), AssociatedData(box, context), content, box.AsSpan(HeaderLength));
        return box;
    }

    /// <summary>Opens a box whatever cost it was sealed at.</summary>
    public static Result<SecretBytes, Refusal> Open(ReadOnlySpan<byte> box, ReadOnlySpan<char> passphrase, ReadOnlySpan<byte> context) =>
        Open(box, passphrase, context, ScryptCost.Maximum);

    /// <summary>
    /// Opens a box. Refused, with the field, for bytes that are no box, a newer version, a cost above the limit, and a passphrase that does
    /// not open it (which looks the same as a changed box or another context).
    /// </summary>
    public static Result<SecretBytes, Refusal> Open(
        ReadOnlySpan<byte> box, ReadOnlySpan<char> passphrase, ReadOnlySpan<byte> context, ScryptCost limit)
    {
        if (box.Length < Overhead || !box.StartsWith(Magic))
            return new Refusal("box", "is not a sealed secret, or is cut short");
        if (box[VersionPlace] != Version)
            return new Refusal("version", $"{box[VersionPlace]} is not known; this program reads version {Version}");
        if (box.Length - Overhead > ContentLengthMax)
            return new Refusal("box", $"has {box.Length} bytes; at most {ContentLengthMax + Overhead} are possible");
        if (!ScryptCost.TryCreate(box[CostPlace], box[CostPlace + 1], box[CostPlace + 2], out var cost)
            || cost.MemoryBytes > limit.MemoryBytes || cost.Work > limit.Work)
        {
            return new Refusal("cost", "is none that a box is sealed at, or above the limit");
        }

        if (RefusePassphrase(passphrase) is { } refusal)
            return refusal;

        using var key = DeriveKey(passphrase, box.Slice(SaltPlace, SaltLength), cost);
        var content = new SecretBytes(box.Length - Overhead);
        if (key.TryDecrypt(box.Slice(NoncePlace, AeadKey.NonceLength), AssociatedData(box, context), box[HeaderLength..], content.Span))
            return content;

        content.Dispose();
        return new Refusal("passphrase", "does not open this box; or the box was changed, or belongs elsewhere");
    }

    private static Refusal? RefusePassphrase(ReadOnlySpan<char> passphrase) => passphrase.Length switch
    {
        0 => new Refusal("passphrase", "is empty"),
        > PassphraseLengthMax => new Refusal("passphrase", $"has {passphrase.Length} characters; at most {PassphraseLengthMax} are possible"),
        _ => null,
    };

    private static AeadKey DeriveKey(ReadOnlySpan<char> passphrase, ReadOnlySpan<byte> salt, ScryptCost cost)
    {
        using var password = Nfkd.ToUtf8(passphrase);
        Span<byte> key = stackalloc byte[AeadKey.KeyLength];
        Scrypt.DeriveKey(password.Span, salt, cost, key);
        var cipher = new AeadKey(key);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    // The context comes last, so nothing in it can be taken for the header, whose length is fixed.
    private static byte[] AssociatedData(ReadOnlySpan<byte> box, ReadOnlySpan<byte> context) => [.. box[..HeaderLength], .. context];
}
