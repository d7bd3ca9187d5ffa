using System.Diagnostics;
using System.Security.Cryptography;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Crypto;

/// <summary>
/// A recovery sentence of BIP 39, with the English words. Zeroed on Dispose, never printed, compared in constant time; the words come only
/// from <see cref="Reveal"/>.
/// </summary>
[DebuggerDisplay("mnemonic")]
public sealed class Mnemonic : IDisposable
{
    private const int WordLengthMax = 8;
    private const int BitsPerWord = 11;
    private const int WordCountMax = 24;
    private const int SeedIterations = 2048;

    // Room for spaces and line breaks that come with pasted text.
    private const int TextLengthMax = 1024;

    private readonly SecretBytes _entropy;

    private Mnemonic(SecretBytes entropy) => _entropy = entropy;

    /// <summary>12, 15, 18, 21 or 24.</summary>
    public int WordCount => _entropy.Length * 3 / 4;

    /// <summary>A fresh sentence of 12, 15, 18, 21 or 24 words.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number of words.</exception>
    public static Mnemonic Generate(IEntropy entropy, int wordCount = 24)
    {
        if (!IsWordCount(wordCount))
            throw new ArgumentOutOfRangeException(nameof(wordCount), wordCount, "A sentence has 12, 15, 18, 21 or 24 words.");

        var bytes = new SecretBytes(wordCount * 4 / 3);
        entropy.Fill(bytes.Span);
        return new Mnemonic(bytes);
    }

    /// <summary>The sentence of 16, 20, 24, 28 or 32 bytes.</summary>
    public static Result<Mnemonic, Refusal> FromEntropy(ReadOnlySpan<byte> entropy) =>
        entropy.Length is 16 or 20 or 24 or 28 or 32
            ? new Mnemonic(new SecretBytes(entropy))
            : new Refusal("entropy", $"has {entropy.Length} bytes; 16, 20, 24, 28 or 32 are needed");

    /// <summary>
    /// Reads a sentence as a person types it: words of the English list in either case, any white space between them. A refusal names the
    /// word by its place, never by its letters.
    /// </summary>
    public static Result<Mnemonic, Refusal> Parse(ReadOnlySpan<char> sentence)
    {
        if (sentence.Length > TextLengthMax)
            return new Refusal("mnemonic", $"has {sentence.Length} characters; no sentence has more than {TextLengthMax}");

        using var text = Nfkd.ToUtf8(sentence);
        Span<ushort> indices = stackalloc ushort[WordCountMax];
        try
        {
            return ReadWords(text.Span, indices, out var count) is { } refusal ? refusal : FromIndices(indices[..count]);
        }
        finally
        {
            indices.Clear();
        }
    }

    /// <summary>The seed of the wallet (PBKDF2 with HMAC-SHA-512, 2,048 rounds). Every passphrase gives one, a mistyped one too.</summary>
    public Seed DeriveSeed(ReadOnlySpan<char> passphrase)
    {
        Span<byte> words = stackalloc byte[WordCountMax * (WordLengthMax + 1)];
        var seed = DeriveSeed(words[..WriteWords(words)], passphrase);
        CryptographicOperations.ZeroMemory(words);
        return seed;
    }

    /// <summary>The words, with spaces between, in a string that cannot be zeroed: for a person who writes them down.</summary>
    public string Reveal()
    {
        Span<byte> words = stackalloc byte[WordCountMax * (WordLengthMax + 1)];
        var revealed = System.Text.Encoding.ASCII.GetString(words[..WriteWords(words)]);
        CryptographicOperations.ZeroMemory(words);
        return revealed;
    }

    /// <summary>Copies the entropy, 4 bytes for each 3 words, to the start of the destination and returns its length. The caller zeroes it.</summary>
    public int WriteEntropy(Span<byte> destination)
    {
        _entropy.WriteTo(destination);
        return _entropy.Length;
    }

    /// <summary>True for the same words.</summary>
    public bool ConstantTimeEquals(Mnemonic other) => _entropy.ConstantTimeEquals(other._entropy);

    public void Dispose() => _entropy.Dispose();

    /// <summary>Never the words.</summary>
    public override string ToString() => "(mnemonic)";

    /// <summary>The seed of any sentence, of whatever language, in normalized UTF-8.</summary>
    internal static Seed DeriveSeed(ReadOnlySpan<byte> sentence, ReadOnlySpan<char> passphrase)
    {
        using var password = Nfkd.ToUtf8(passphrase);
        var prefix = "mnemonic"u8;
        using var salt = new SecretBytes(prefix.Length + password.Length);
        prefix.CopyTo(salt.Span);
        password.WriteTo(salt.Span[prefix.Length..]);
        var seed = new SecretBytes(Seed.LengthMax);
        Rfc2898DeriveBytes.Pbkdf2(sentence, salt.Span, seed.Span, SeedIterations, HashAlgorithmName.SHA512);
        return new Seed(seed);
    }

    private static bool IsWordCount(int count) => count is 12 or 15 or 18 or 21 or 24;

    private static Refusal? ReadWords(Span<byte> text, Span<ushort> indices, out int count)
    {
        count = 0;
        Refusal? unknown = null;
        while (true)
        {
            text = text.TrimStart(" \t\r\n"u8);
            if (text.IsEmpty)
                break;

            var end = text.IndexOfAny(" \t\r\n"u8);
            var word = end < 0 ? text : text[..end];
            text = text[word.Length..];
            if (count < indices.Length && unknown is null)
            {
                foreach (ref var letter in word)
                    letter = letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;
                var index = EnglishWords.IndexOf(word);
                if (index < 0)
                    unknown = new Refusal("mnemonic", $"word {count + 1} is not in the English list of BIP 39");
                else
                    indices[count] = (ushort)index;
            }

            count++;
        }

        return IsWordCount(count) ? unknown : new Refusal("mnemonic", $"has {count} words; 12, 15, 18, 21 or 24 are needed");
    }

    private static Result<Mnemonic, Refusal> FromIndices(ReadOnlySpan<ushort> indices)
    {
        // Eleven bits a word, most significant first: the entropy, and behind it one bit of checksum for each 32 of it.
        Span<byte> bits = stackalloc byte[(WordCountMax * BitsPerWord / 8) + 1];
        bits.Clear();
        for (var i = 0; i < indices.Length * BitsPerWord; i++)
            bits[i / 8] |= (byte)(((indices[i / BitsPerWord] >> (BitsPerWord - 1 - (i % BitsPerWord))) & 1) << (7 - (i % 8)));

        var entropy = new SecretBytes(bits[..(indices.Length * 4 / 3)]);
        var difference = (bits[entropy.Length] ^ Checksum(entropy.Span)) & ChecksumMask(entropy.Length);
        CryptographicOperations.ZeroMemory(bits);
        if (difference == 0)
            return new Mnemonic(entropy);

        entropy.Dispose();
        return new Refusal("mnemonic", "the checksum is wrong: a word is wrong, or the order of the words");
    }

    private static byte Checksum(ReadOnlySpan<byte> entropy)
    {
        Span<byte> hash = stackalloc byte[32];
        Hashes.Sha256(entropy, hash);
        var first = hash[0];
        CryptographicOperations.ZeroMemory(hash);
        return first;
    }

    private static int ChecksumMask(int entropyLength) => 0xff00 >> (entropyLength / 4) & 0xff;

    private int WriteWords(Span<byte> destination)
    {
        Span<byte> bits = stackalloc byte[33];
        _entropy.WriteTo(bits);
        bits[_entropy.Length] = Checksum(_entropy.Span);
        var written = 0;
        for (var word = 0; word < WordCount; word++)
        {
            var index = 0;
            for (var bit = word * BitsPerWord; bit < (word + 1) * BitsPerWord; bit++)
                index = (index << 1) | ((bits[bit / 8] >> (7 - (bit % 8))) & 1);
            if (word > 0)
                destination[written++] = (byte)' ';
            EnglishWords.Word(index).CopyTo(destination[written..]);
            written += EnglishWords.Word(index).Length;
        }

        CryptographicOperations.ZeroMemory(bits);
        return written;
    }
}
