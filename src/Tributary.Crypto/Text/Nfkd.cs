using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Tributary.Crypto;

/// <summary>
/// Unicode's normalization form KD (UAX #15) into UTF-8, as BIP 39 asks for sentences and passphrases. Our own, since the process runs with
/// the invariant culture, in which the platform's <c>Normalize</c> returns its input. Intermediate memory is zeroed.
/// </summary>
internal static class Nfkd
{
    /// <summary>The normalized text in UTF-8. An unpaired surrogate becomes U+FFFD.</summary>
    internal static SecretBytes ToUtf8(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            var ascii = new SecretBytes(text.Length);
            _ = Encoding.ASCII.GetBytes(text, ascii.Span);
            return ascii;
        }

        using var memory = new SecretBytes(CountDecomposed(text) * sizeof(int));
        var codes = MemoryMarshal.Cast<byte, int>(memory.Span);
        Decompose(text, codes);
        Order(codes);

        var length = 0;
        foreach (var code in codes)
            length += new Rune(code).Utf8SequenceLength;
        var utf8 = new SecretBytes(length);
        var rest = utf8.Span;
        foreach (var code in codes)
            rest = rest[new Rune(code).EncodeToUtf8(rest)..];
        return utf8;
    }

    private static int CountDecomposed(ReadOnlySpan<char> text)
    {
        Span<int> codes = stackalloc int[NfkdTable.ExpansionMax];
        var (table, count) = (NfkdTable.Instance, 0);
        foreach (var rune in text.EnumerateRunes())
            count += table.Decompose(rune.Value, codes);
        codes.Clear();
        return count;
    }

    private static void Decompose(ReadOnlySpan<char> text, Span<int> codes)
    {
        var table = NfkdTable.Instance;
        foreach (var rune in text.EnumerateRunes())
            codes = codes[table.Decompose(rune.Value, codes)..];
    }

    // The canonical ordering algorithm (The Unicode Standard, 3.11): marks after a starter in the order of their class, stable.
    private static void Order(Span<int> codes)
    {
        var table = NfkdTable.Instance;
        Span<byte> classes = codes.Length <= 512 ? stackalloc byte[codes.Length] : new byte[codes.Length];
        for (var i = 0; i < codes.Length; i++)
            classes[i] = table.CombiningClass(codes[i]);
        for (var i = 1; i < codes.Length; i++)
        {
            for (var j = i; j > 0 && classes[j] != 0 && classes[j - 1] > classes[j]; j--)
            {
                (codes[j], codes[j - 1]) = (codes[j - 1], codes[j]);
                (classes[j], classes[j - 1]) = (classes[j - 1], classes[j]);
            }
        }

        CryptographicOperations.ZeroMemory(classes);
    }
}
