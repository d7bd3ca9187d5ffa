namespace Tributary.Lightning.Messages;

/// <summary>The address descriptors of BOLT 7 by their numbers; 3 was Tor v2.</summary>
public enum NodeAddressKind : byte
{
    IPv4 = 1,
    IPv6 = 2,
    TorV3 = 4,
    DnsName = 5,
}
