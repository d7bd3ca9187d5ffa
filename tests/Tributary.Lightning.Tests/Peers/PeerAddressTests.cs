using Tributary.Lightning.Peers;

namespace Tributary.Lightning.Tests.Peers;

public sealed class PeerAddressTests
{
    private const string Id = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

    [Theory]
    [InlineData("127.0.0.1:9801", "127.0.0.1", 9801)]
    [InlineData("node.example", "node.example", 9735)]
    [InlineData("[::1]:42", "::1", 42)]
    [InlineData("::1", "::1", 9735)]
    public void An_address_is_read(string text, string host, int port)
    {
        var address = PeerAddress.Parse($"{Id}@{text}").Value;
        Assert.Equal((host, port), (address.Host, address.Port));
        Assert.Equal(address, PeerAddress.Parse(address.ToString()).Value);
    }

    [Theory]
    [InlineData("127.0.0.1:9801", "peer")]
    [InlineData("02ab@127.0.0.1:9801", "node_id")]
    [InlineData(Id + "@", "host")]
    [InlineData(Id + "@a b:1", "host")]
    [InlineData(Id + "@host:99999", "port")]
    [InlineData(Id + "@[::1", "host")]
    public void What_is_no_address_is_refused_with_its_part(string text, string field) => Assert.Equal(field, PeerAddress.Parse(text).Error.Field);
}
