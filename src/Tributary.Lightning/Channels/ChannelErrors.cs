using System.Text;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Channels;

/// <summary>Messages that say what went wrong (BOLT 1): printable ASCII, not longer than it takes.</summary>
public static class ChannelErrors
{
    private const int TextMax = 400;

    /// <summary>Fails the channel.</summary>
    public static Error Error(ChannelId channel, string text) => new() { ChannelId = channel, Data = Bytes(text) };

    /// <summary>Fails nothing.</summary>
    public static Warning Warning(ChannelId channel, string text) => new() { ChannelId = channel, Data = Bytes(text) };

    /// <summary>A peer's text, fit to be shown and logged: what is not printable ASCII becomes a question mark.</summary>
    public static string Show(ReadOnlyMemory<byte> data)
    {
        var length = Math.Min(data.Length, TextMax);
        return string.Create(length, data, static (text, data) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = data.Span[i] is >= 0x20 and < 0x7f ? (char)data.Span[i] : '?';
        });
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text.Length > TextMax ? text[..TextMax] : text);
}
