using System.Net;
using Tributary.Lightning.Messages;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Messages;

public sealed class NodeAddressesTests
{
    private static readonly NodeAddress[] s_addresses =
    [
        NodeAddress.Of(new IPEndPoint(IPAddress.Parse("203.0.113.7"), 9735)),
        NodeAddress.Of(new IPEndPoint(IPAddress.Parse("2001:db8::1"), 9736)),
        new(NodeAddressKind.TorV3, "of7husrflx7sforh3fw6yqlpwstee3wg5imvvmkp4bz6rbjxtg5nljad.onion", 9735),
        new(NodeAddressKind.DnsName, "lightning.example.org", 443),
    ];

    [Fact]
    public void Descriptors_round_trip_in_the_order_of_their_types()
    {
        var bytes = NodeAddresses.Write(s_addresses.Reverse());
        Assert.Equal(s_addresses, NodeAddresses.Read(bytes));
        Assert.Equal("01cb0071072607", Convert.ToHexStringLower(bytes.AsSpan(0, 7)));
    }

    [Fact]
    public void Tor_v2_is_stepped_over_and_what_follows_an_unknown_type_is_left()
    {
        byte[] bytes = [3, .. new byte[12], .. NodeAddresses.Write(s_addresses[..1]), 9, 1, 2, 3];
        Assert.Equal(s_addresses[..1], NodeAddresses.Read(bytes));
    }

    [Fact]
    public void A_host_name_holds_nothing_but_what_a_resolver_takes() => Assert.Empty(NodeAddresses.Read([5, 3, (byte)'a', 0, (byte)'b', 0, 1]));

    [Theory]
    [InlineData(NodeAddressKind.IPv4, "::1")]
    [InlineData(NodeAddressKind.IPv6, "127.0.0.1")]
    [InlineData(NodeAddressKind.TorV3, "short.onion")]
    [InlineData(NodeAddressKind.DnsName, "no spaces")]
    public void A_host_of_another_kind_is_a_bug(NodeAddressKind kind, string host) =>
        Assert.Throws<ArgumentException>(() => NodeAddresses.Write([new NodeAddress(kind, host, 1)]));

    [Fact]
    public void Any_bytes_may_stand_for_addresses() =>
        Fuzz.Run(
            [NodeAddresses.Write(s_addresses)],
            static input =>
            {
                var addresses = NodeAddresses.Read(input);
                Assert.Equal(addresses.OrderBy(static address => address.Kind), NodeAddresses.Read(NodeAddresses.Write(addresses)));
            },
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 32768));
}
