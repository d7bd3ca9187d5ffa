using System.Net;

namespace Tributary.Lightning.Messages;

/// <summary>Where a node listens (BOLT 7): an IP address, a Tor v3 service, or a host name, each with its port.</summary>
/// <param name="Kind">Which descriptor it is.</param>
/// <param name="Host">The address as a dialler takes it: dotted, colons, "….onion" or a DNS name.</param>
/// <param name="Port">TCP port.</param>
public sealed record NodeAddress(NodeAddressKind Kind, string Host, ushort Port)
{
    /// <summary>An IP address.</summary>
    public static NodeAddress Of(IPEndPoint endpoint) => new(
        endpoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? NodeAddressKind.IPv4 : NodeAddressKind.IPv6,
        endpoint.Address.ToString(),
        (ushort)endpoint.Port);

    public override string ToString() => Kind == NodeAddressKind.IPv6 ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
