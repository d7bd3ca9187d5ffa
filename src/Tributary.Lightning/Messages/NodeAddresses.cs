using System.Net;
using System.Text;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Reads and writes the address descriptors of <c>node_announcement</c> and of <c>init</c> (BOLT 7).</summary>
public static class NodeAddresses
{
    private const byte TorV2 = 3;
    private const int TorV2Length = 10;
    private const int TorV3Length = 35;
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>The descriptors up to the first of an unknown type or the first that is broken: what lies after it cannot be told apart.</summary>
    public static IReadOnlyList<NodeAddress> Read(ReadOnlySpan<byte> descriptors)
    {
        var addresses = new List<NodeAddress>();
        var reader = new SpanReader(descriptors);
        while (reader.TryReadByte(out var kind))
        {
            // Tor v2 no longer exists, yet old announcements name it.
            if (kind == TorV2 && reader.TrySkip(TorV2Length + sizeof(ushort)))
                continue;
            if (!TryReadHost(ref reader, (NodeAddressKind)kind, out var host) || !reader.TryReadUInt16BigEndian(out var port))
                break;
            addresses.Add(new NodeAddress((NodeAddressKind)kind, host, port));
        }

        return addresses;
    }

    /// <summary>Writes descriptors, in ascending order of their types as BOLT 7 wants them.</summary>
    /// <exception cref="ArgumentException">A host that is no address of its kind.</exception>
    public static byte[] Write(IEnumerable<NodeAddress> addresses)
    {
        var writer = new ByteWriter();
        foreach (var address in addresses.OrderBy(static address => address.Kind))
        {
            writer.WriteByte((byte)address.Kind);
            WriteHost(writer, address);
            writer.WriteUInt16BigEndian(address.Port);
        }

        return writer.ToArray();
    }

    private static bool TryReadHost(ref SpanReader reader, NodeAddressKind kind, out string host)
    {
        host = "";
        ReadOnlySpan<byte> bytes;
        switch (kind)
        {
            case NodeAddressKind.IPv4 when reader.TryReadBytes(4, out bytes):
            case NodeAddressKind.IPv6 when reader.TryReadBytes(16, out bytes):
                host = new IPAddress(bytes).ToString();
                return true;
            case NodeAddressKind.TorV3 when reader.TryReadBytes(TorV3Length, out bytes):
                host = ToBase32(bytes) + ".onion";
                return true;
            case NodeAddressKind.DnsName when reader.TryReadByte(out var length) && reader.TryReadBytes(length, out bytes) && IsHostName(bytes):
                host = Encoding.ASCII.GetString(bytes);
                return true;
            default:
                return false;
        }
    }

    private static void WriteHost(ByteWriter writer, NodeAddress address)
    {
        switch (address.Kind)
        {
            case NodeAddressKind.IPv4 or NodeAddressKind.IPv6 when IPAddress.TryParse(address.Host, out var ip)
                && ip.GetAddressBytes() is { } bytes && bytes.Length == (address.Kind == NodeAddressKind.IPv4 ? 4 : 16):
                writer.WriteBytes(bytes);
                break;
            case NodeAddressKind.TorV3 when address.Host.EndsWith(".onion", StringComparison.Ordinal)
                && FromBase32(address.Host.AsSpan(0, address.Host.Length - 6)) is { Length: TorV3Length } service:
                writer.WriteBytes(service);
                break;
            case NodeAddressKind.DnsName when address.Host.Length is > 0 and <= byte.MaxValue && Encoding.UTF8.GetBytes(address.Host) is { } name && IsHostName(name):
                writer.WriteByte((byte)name.Length);
                writer.WriteBytes(name);
                break;
            default:
                throw new ArgumentException($"'{address.Host}' is no address of the kind {address.Kind}.", nameof(address));
        }
    }

    // What a resolver may be handed: letters, digits, hyphens and dots.
    private static bool IsHostName(ReadOnlySpan<byte> name)
    {
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)character) && character is not ((byte)'-' or (byte)'.'))
                return false;
        }

        return !name.IsEmpty;
    }

    private static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(56);
        var (buffer, bits) = (0, 0);
        foreach (var value in bytes)
        {
            buffer = ((buffer << 8) | value) & 0xffff;
            for (bits += 8; bits >= 5; bits -= 5)
                text.Append(Base32[(buffer >> (bits - 5)) & 31]);
        }

        return text.ToString();
    }

    private static byte[]? FromBase32(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var character in text)
        {
            var value = Base32.IndexOf(character, StringComparison.Ordinal);
            if (value < 0)
                return null;
            buffer = ((buffer << 5) | value) & 0xffff;
            bits += 5;
            if (bits >= 8)
                bytes.Add((byte)(buffer >> (bits -= 8)));
        }

        return [.. bytes];
    }
}
