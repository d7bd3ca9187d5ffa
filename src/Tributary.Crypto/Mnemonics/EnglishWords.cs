namespace Tributary.Crypto;

/// <summary>BIP 39's English list: 2,048 words in alphabetical order, kept as the bytes of the resource.</summary>
internal static class EnglishWords
{
    internal const int Count = 2048;

    private static readonly byte[] s_text = EmbeddedText.Read("bip39-english");
    private static readonly (ushort Start, byte Length)[] s_words = Split(s_text);

    /// <summary>The word at a place of the list, in ASCII.</summary>
    internal static ReadOnlySpan<byte> Word(int index) => s_text.AsSpan(s_words[index].Start, s_words[index].Length);

    /// <summary>The place of a word, or −1. The search depends on the word; it is done once, when a person types it in.</summary>
    internal static int IndexOf(ReadOnlySpan<byte> word)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = word.SequenceCompareTo(Word(middle));
            if (order == 0)
                return middle;
            if (order < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return -1;
    }

    private static (ushort Start, byte Length)[] Split(ReadOnlySpan<byte> text)
    {
        var words = new (ushort, byte)[Count];
        var start = 0;
        for (var i = 0; i < Count; i++)
        {
            var length = text[start..].IndexOf((byte)'\n');
            words[i] = ((ushort)start, (byte)length);
            start += length + 1;
        }

        return words;
    }
}
