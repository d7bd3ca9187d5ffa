using Tributary.Primitives.Contracts;

namespace Tributary.Payments.Identifiers;

/// <summary>Makes names for objects: a prefix that says what it is and 24 random characters (142 bits), so that nobody guesses one.</summary>
/// <param name="entropy">Where the characters come from.</param>
/// <param name="isLive">Names say that they are of live objects, so that an address alone tells whose it is.</param>
public sealed class ObjectIds(IEntropy entropy, bool isLive = false)
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Length = 24;
    private const string LiveMark = "_live";

    /// <summary>A fresh name ("pi" gives "pi_3hG…").</summary>
    public string Next(string prefix) => isLive && !prefix.EndsWith(LiveMark, StringComparison.Ordinal) ? $"{prefix}{LiveMark}_{Random(Length)}" : $"{prefix}_{Random(Length)}";

    /// <summary>A secret that stands alone in an address.</summary>
    public string Token(int length) => isLive ? $"live_{Random(length)}" : Random(length);

    /// <summary>Random characters, each of 62.</summary>
    public string Random(int length)
    {
        // Bytes of 248 and above would make the first letters likelier.
        const int fair = byte.MaxValue + 1 - ((byte.MaxValue + 1) % 62);
        var text = new char[length];
        Span<byte> bytes = stackalloc byte[64];
        for (var i = 0; i < length;)
        {
            entropy.Fill(bytes);
            foreach (var b in bytes)
            {
                if (b < fair && i < length)
                    text[i++] = Alphabet[b % Alphabet.Length];
            }
        }

        return new string(text);
    }
}
