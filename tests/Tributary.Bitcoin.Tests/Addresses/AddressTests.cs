using System.Text.Json;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Addresses;

public sealed class AddressTests
{
    [Fact]
    public void Bitcoin_Cores_valid_keys_and_addresses_are_read_and_written()
    {
        using var rows = Testing.Vectors.Json("bitcoin/key_io_valid.json");
        foreach (var row in rows.RootElement.EnumerateArray())
        {
            var (text, hex, facts) = (row[0].GetString()!, row[1].GetString()!, row[2]);
            Assert.True(BitcoinNetwork.TryParse(facts.GetProperty("chain").GetString()!, out var network));
            if (facts.GetProperty("isPrivkey").GetBoolean())
                CheckKey(text, hex, facts, network);
            else
                CheckAddress(text, hex, facts, network);
        }
    }

    [Fact]
    public void Bitcoin_Cores_invalid_keys_and_addresses_are_refused_on_every_network()
    {
        using var rows = Testing.Vectors.Json("bitcoin/key_io_invalid.json");
        foreach (var text in rows.RootElement.EnumerateArray().Select(static row => row[0].GetString()!))
        {
            foreach (var network in BitcoinNetwork.All)
            {
                Assert.False(Address.Parse(text, network).IsOk);
                Assert.False(WifKey.Parse(text, network).IsOk);
            }

            Assert.False(Address.ParseAny(text).IsOk);
        }
    }

    // BIP 173 (version 0) and BIP 350, test vectors.
    [Theory]
    [InlineData("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "0014751e76e8199196d454941c45d1b3a323f1433bd6", AddressKind.P2wpkh)]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262", AddressKind.P2wsh)]
    [InlineData("bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6", AddressKind.FutureWitness)]
    [InlineData("BC1SW50QGDZ25J", "6002751e", AddressKind.FutureWitness)]
    [InlineData("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "5210751e76e8199196d454941c45d1b3a323", AddressKind.FutureWitness)]
    [InlineData("tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy", "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433", AddressKind.P2wsh)]
    [InlineData("tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c", "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433", AddressKind.P2tr)]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", AddressKind.P2tr)]
    [InlineData("bc1pfeessrawgf", "51024e73", AddressKind.PayToAnchor)]
    public void Segwit_addresses_have_their_script_and_kind(string text, string script, AddressKind kind)
    {
        var network = text.StartsWith("tb", StringComparison.Ordinal) ? BitcoinNetwork.Testnet4 : BitcoinNetwork.Mainnet;
        var address = Address.Parse(text, network).Value;
        Assert.Equal(script, address.ScriptPubKey.ToHex());
        Assert.Equal(kind, address.Kind);
        Assert.Equal(text.ToLowerInvariant(), address.ToString());
        Assert.True(Address.TryFromScript(address.ScriptPubKey, network, out var back));
        Assert.Equal(address, back);
        Assert.Equal(kind, back.Kind);
    }

    // BIP 173 and BIP 350, test vectors.
    [Theory]
    [InlineData("tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5")]
    [InlineData("BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2")]
    [InlineData("bc1rw5uspcuh")]
    [InlineData("bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90")]
    [InlineData("BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P")]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7")]
    [InlineData("bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du")]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv")]
    [InlineData("bc1gmk9yu")]
    [InlineData("tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd")]
    [InlineData("tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf")]
    [InlineData("BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh")]
    [InlineData("tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47")]
    [InlineData("bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4")]
    [InlineData("BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R")]
    [InlineData("bc1pw5dgrnzv")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav")]
    [InlineData("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf")]
    [InlineData("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j")]
    public void Broken_segwit_addresses_are_refused_on_every_network(string text) =>
        Assert.All(BitcoinNetwork.All, network => Assert.False(Address.Parse(text, network).IsOk));

    [Theory]
    [InlineData("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "address", "is a testnet address; mainnet is expected")]
    [InlineData("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "address", "is a regtest address; mainnet is expected")]
    [InlineData("mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ", "address", "is a testnet address; mainnet is expected")]
    [InlineData("1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mp", "address.checksum", "does not match: a character is mistyped or missing")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "address.checksum", "does not match: the character at position 42 looks mistyped")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "address.checksum", "is bech32; version 1 takes bech32m (BIP 350)")]
    [InlineData("ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "address.prefix", "'ltc' belongs to no Bitcoin network")]
    [InlineData("5Kd3NBUAdUnhyzenEwVLy9pBKxSwXvE9FMPyR4UKZvpe6E3AgLr", "address", "is a secret key, not an address; keep it to yourself")]
    [InlineData("", "address", "is empty")]
    public void A_refusal_names_the_field_and_what_to_do(string text, string field, string reason)
    {
        var refusal = Address.Parse(text, BitcoinNetwork.Mainnet).Error;
        Assert.Equal(field, refusal.Field);
        Assert.Equal(reason, refusal.Reason);
    }

    [Fact]
    public void Test_networks_share_addresses()
    {
        Assert.Equal("testnet3 testnet4 signet", Networks("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7"));
        Assert.Equal("testnet3 testnet4 signet regtest", Networks("mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ"));

        static string Networks(string text) => string.Join(' ', Address.ParseAny(text).Value.Select(static address => address.Network.Name));
    }

    [Fact]
    public void Scripts_without_an_address_have_none()
    {
        Assert.False(Address.TryFromScript(StandardScripts.OpReturn([1, 2, 3]), BitcoinNetwork.Mainnet, out _));
        Assert.False(Address.TryFromScript(Script.Empty, BitcoinNetwork.Mainnet, out _));
        Assert.False(Address.TryFromScript(StandardScripts.WitnessProgram(0, new byte[21]), BitcoinNetwork.Mainnet, out _));
    }

    [Fact]
    public void Any_text_is_read_or_refused() => Fuzz.Run(
        [.. new[] { "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4" }.Select(System.Text.Encoding.UTF8.GetBytes)],
        static input =>
        {
            var text = System.Text.Encoding.UTF8.GetString(input);
            if (Address.ParseAny(text).TryGet(out var addresses))
                Assert.All(addresses, address => Assert.Equal(address, Address.Parse(address.ToString(), address.Network).Value));
            _ = WifKey.Parse(text, BitcoinNetwork.Mainnet);
        });

    private static void CheckKey(string text, string hex, JsonElement facts, BitcoinNetwork network)
    {
        using var key = WifKey.Parse(text, network).Value;
        Span<byte> secret = stackalloc byte[32];
        key.SecretKey.WriteTo(secret);
        Assert.Equal(hex, Hex.Encode(secret));
        Assert.Equal(facts.GetProperty("isCompressed").GetBoolean(), key.IsCompressed);
        Assert.Equal(text, key.ToSecretString(network));
        Assert.False(Address.Parse(text, network).IsOk);
    }

    private static void CheckAddress(string text, string hex, JsonElement facts, BitcoinNetwork network)
    {
        var address = Address.Parse(text, network).Value;
        Assert.Equal(hex, address.ScriptPubKey.ToHex());
        Assert.Equal(text, address.ToString());
        Assert.True(Address.TryFromScript(address.ScriptPubKey, network, out var back));
        Assert.Equal(text, back.ToString());
        Assert.False(WifKey.Parse(text, network).IsOk);

        var flipped = string.Concat(text.Select(static character => char.IsLower(character) ? char.ToUpperInvariant(character) : char.ToLowerInvariant(character)));
        var takesFlipped = facts.TryGetProperty("tryCaseFlip", out var flip) && flip.GetBoolean();
        Assert.Equal(takesFlipped, Address.Parse(flipped, network).IsOk);
    }
}
