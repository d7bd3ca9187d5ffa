using System.Net;
using System.Net.Sockets;

namespace Tributary.Server.Webhooks;

/// <summary>
/// Which addresses webhooks may go to. The text of a URL says little: what counts is the address that the connection is made to, so that is
/// checked after the name was resolved, and the connection goes to that very address.
/// </summary>
internal static class WebhookTargets
{
    /// <summary>Looks at a URL when it is registered; a problem in words, or null.</summary>
    public static string? Check(string text, bool isLive, out Uri? url)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || url.Host.Length == 0)
            return "The URL has to be like https://shop.example/webhooks, without a user name.";
        if (isLive && url.Scheme is not "https")
            return "Events of real money go to https only.";
        return IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && !IsAllowed(address, isLive)
            ? Refused(address, isLive)
            : null;
    }

    /// <summary>Connects to a host's first allowed address.</summary>
    /// <exception cref="HttpRequestException">No address of the host is allowed.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, bool isLive, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        var allowed = Array.Find(addresses, address => IsAllowed(address, isLive))
            ?? throw new HttpRequestException(addresses.Length == 0 ? $"{endpoint.Host} has no address." : Refused(addresses[0], isLive));
        var socket = new Socket(allowed.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Real money: public addresses only. Test objects: public ones and this machine, but no neighbour on the network.
    internal static bool IsAllowed(IPAddress address, bool isLive)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address))
            return !isLive;
        return !IsSpecial(address);
    }

    private static bool IsSpecial(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // The ranges of RFC 6890 and those that carry an IPv4 address inside.
            var bytes = address.GetAddressBytes();
            var isGlobal = (bytes[0] & 0xe0) == 0x20;
            var isTunnel = bytes is [0x20, 0x02, ..] or [0x20, 0x01, 0x00, 0x00, ..] or [0x20, 0x01, 0x0d, 0xb8, ..];
            return !isGlobal || isTunnel;
        }

        return address.GetAddressBytes() switch
        {
            [0 or 10 or 127, ..] => true,
            [100, >= 64 and <= 127, ..] => true,
            [169, 254, ..] => true,
            [172, >= 16 and <= 31, ..] => true,
            [192, 168, ..] or [192, 0, 0 or 2, _] or [192, 88, 99, _] => true,
            [198, 18 or 19, ..] or [198, 51, 100, _] or [203, 0, 113, _] => true,
            [>= 224, ..] => true,
            _ => false,
        };
    }

    private static string Refused(IPAddress address, bool isLive) => isLive
        ? $"{address} is no public address: events of real money go to public addresses only."
        : $"{address} is neither a public address nor this machine.";
}
