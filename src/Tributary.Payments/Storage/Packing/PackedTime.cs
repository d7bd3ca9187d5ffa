using System.Buffers.Text;
using System.Globalization;

namespace Tributary.Payments.Storage.Packing;

/// <summary>Times as documents write them: ISO 8601 in UTC, with as many digits of a second as it has.</summary>
internal static class PackedTime
{
    /// <summary>The longest such text.</summary>
    public const int LengthMax = 33;

    /// <summary>What the first time of a document is counted from: 2026-01-01.</summary>
    public const long Epoch = 639_028_224_000_000_000;

    private const int SecondsLength = 19;

    /// <summary>The ticks of a text that <see cref="Write"/> gives back as it is; false for any other.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length is < SecondsLength + 6 or > LengthMax || text[10] != 'T' || text[^6] != '+')
            return false;
        Span<char> characters = stackalloc char[LengthMax];
        for (var i = 0; i < text.Length; i++)
            characters[i] = (char)text[i];
        if (!DateTimeOffset.TryParse(characters[..text.Length], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time))
            return false;
        ticks = time.UtcTicks;
        Span<byte> again = stackalloc byte[LengthMax];
        return text.SequenceEqual(again[..Write(ticks, again)]);
    }

    /// <summary>Writes a time; returns the length.</summary>
    public static int Write(long ticks, Span<byte> text)
    {
        _ = Utf8Formatter.TryFormat(new DateTime(ticks, DateTimeKind.Utc), text, out _, 'O');
        var length = text[SecondsLength..(SecondsLength + 8)].TrimEnd((byte)'0').Length;
        length = SecondsLength + (length == 1 ? 0 : length);
        "+00:00"u8.CopyTo(text[length..]);
        return length + 6;
    }
}
