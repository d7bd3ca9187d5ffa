using System.Text;

namespace Tributary.Lightning.Peers;

/// <summary>Text that came from a peer, made fit for a person's eyes and for logs.</summary>
public static class PeerText
{
    private const int LengthMax = 512;

    /// <summary>Printable ASCII as it is, the rest as question marks, cut to 512 characters (BOLT 1, "error": no control characters).</summary>
    public static string Printable(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder(Math.Min(data.Length, LengthMax));
        foreach (var one in data[..Math.Min(data.Length, LengthMax)])
            text.Append(one is >= 0x20 and < 0x7f ? (char)one : '?');
        return text.ToString();
    }

    internal static string Printable(string text) => Printable(Encoding.UTF8.GetBytes(text));
}
