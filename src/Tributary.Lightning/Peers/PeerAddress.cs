using System.Globalization;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Peers;

/// <summary>Whom to dial and where: <c>ID@HOST:PORT</c>, as Lightning nodes write it.</summary>
/// <param name="NodeId">The key that the peer has to prove.</param>
/// <param name="Host">A name or an IP address; IPv6 stands in brackets in the text form only.</param>
/// <param name="Port">TCP port.</param>
public sealed record PeerAddress(PublicKey NodeId, string Host, ushort Port)
{
    /// <summary>The port of BOLT 1 on mainnet, which other networks use as well.</summary>
    public const ushort DefaultPort = 9735;

    private const int HostLengthMax = 255;

    /// <summary>Reads <c>ID@HOST:PORT</c>; the port may be left out.</summary>
    public static Result<PeerAddress, Refusal> Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return new Refusal("peer", "is written as ID@HOST:PORT, for example 02ab…@127.0.0.1:9735");
        return ParseNodeId(text.AsSpan(0, at)).Then(id => ParseEndpoint(text[(at + 1)..]).Then<PeerAddress>(endpoint => new PeerAddress(id, endpoint.Host, endpoint.Port)));
    }

    /// <summary>Reads a node id of 66 hex digits that is a point.</summary>
    public static Result<PublicKey, Refusal> ParseNodeId(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.CompressedLength];
        return Hex.TryDecode(text, bytes) && PublicKey.TryParse(bytes, out var key)
            ? key
            : new Refusal("node_id", "is the peer's public key in 66 hex digits, as its info shows it");
    }

    /// <summary>Reads <c>HOST:PORT</c>, <c>[IPV6]:PORT</c>, or a host alone.</summary>
    public static Result<Endpoint, Refusal> ParseEndpoint(string text)
    {
        var (host, port) = (text, "");
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || (end + 1 < text.Length && text[end + 1] != ':'))
                return new Refusal("host", $"'{text}' lacks its closing bracket: [::1]:9735");
            (host, port) = (text[1..end], end + 2 <= text.Length ? text[(end + 2)..] : "");
        }
        else if (text.LastIndexOf(':') is >= 0 and var colon && text.IndexOf(':', StringComparison.Ordinal) == colon)
        {
            (host, port) = (text[..colon], text[(colon + 1)..]);
        }

        if (host.Length is 0 or > HostLengthMax || !host.All(IsHostCharacter))
            return new Refusal("host", $"'{host}' is no host name or IP address");
        if (port.Length == 0)
            return new Endpoint(host, DefaultPort);
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new Endpoint(host, number)
            : new Refusal("port", $"'{port}' is no number from 0 to 65535");
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"{NodeId}@[{Host}]:{Port}" : $"{NodeId}@{Host}:{Port}";

    private static bool IsHostCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or ':' or '%' or '_';

    /// <summary>A host and a port.</summary>
    public sealed record Endpoint(string Host, ushort Port);
}
