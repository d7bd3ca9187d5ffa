using System.Text;
using Tributary.Bitcoin.Descriptors;
using Tributary.Bitcoin.Networks;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Descriptors;

public sealed class DescriptorTests
{
    [Fact]
    public void The_BIPs_descriptors_derive_their_scripts()
    {
        foreach (var (bip, text, scripts) in BipDescriptorVectors.Valid)
        {
            var parsed = Descriptor.Parse(text, BitcoinNetwork.Mainnet);
            Assert.True(parsed.IsOk, $"BIP {bip} {text}: {parsed}");
            using var descriptor = parsed.Value;
            CheckScripts(descriptor, scripts);
            CheckRoundTrip(descriptor);
        }
    }

    [Fact]
    public void The_BIPs_broken_descriptors_are_refused()
    {
        foreach (var (bip, fault, text) in BipDescriptorVectors.Invalid)
            Assert.False(Descriptor.Parse(text, BitcoinNetwork.Mainnet).IsOk, $"BIP {bip} {fault}: {text}");
    }

    [Fact]
    public void Multipath_descriptors_stand_for_several()
    {
        foreach (var (text, expanded) in BipDescriptorVectors.Multipath)
        {
            using var descriptor = Descriptor.Parse(text, BitcoinNetwork.Mainnet).Value;
            Assert.Equal(text, WithoutChecksum(descriptor.ToSecretString()));
            Assert.Equal(expanded.Length, descriptor.MultipathCount);
            Assert.True(expanded.SequenceEqual(descriptor.ExpandMultipath().Select(static one => WithoutChecksum(one.ToSecretString())), StringComparer.Ordinal));
            Assert.False(descriptor.Derive(0).IsOk);
            Assert.All(descriptor.ExpandMultipath(), static one => Assert.True(one.Derive(0).IsOk));
        }
    }

    [Fact]
    public void The_BIPs_keys_are_read_or_refused()
    {
        foreach (var (kind, key) in BipDescriptorVectors.ValidKeys)
        {
            var parsed = KeyExpressionParser.Parse(key, 1, BitcoinNetwork.Mainnet);
            Assert.True(parsed.IsOk, $"{kind} {key}: {parsed}");
            parsed.Value.Dispose();
        }

        foreach (var (fault, key) in BipDescriptorVectors.InvalidKeys)
            Assert.False(KeyExpressionParser.Parse(key, 1, BitcoinNetwork.Mainnet).IsOk, $"{fault} {key}");
    }

    [Fact]
    public void Bitcoin_Cores_descriptors_have_all_their_forms()
    {
        foreach (var (secret, @public, normalized, scripts) in CoreDescriptorVectors.Valid)
        {
            using var withSecrets = Descriptor.Parse(secret, BitcoinNetwork.Mainnet).Value;
            using var withoutSecrets = Descriptor.Parse(@public, BitcoinNetwork.Mainnet).Value;
            Assert.True(withSecrets.HasSecretKeys);
            Assert.False(withoutSecrets.HasSecretKeys);
            AssertSame(secret, withSecrets.ToSecretString());
            AssertSame(@public, withSecrets.ToString());
            AssertSame(@public, withoutSecrets.ToString());
            AssertSame(@public, withoutSecrets.ToSecretString());
            AssertSame(normalized, withSecrets.ToNormalizedString());
            CheckScripts(withSecrets, scripts);
            using var fromNormalized = Descriptor.Parse(normalized, BitcoinNetwork.Mainnet).Value;
            if (fromNormalized.Derive(0).IsOk)
                CheckScripts(fromNormalized, scripts);
        }
    }

    [Fact]
    public void What_Bitcoin_Core_refuses_is_refused()
    {
        foreach (var text in CoreDescriptorVectors.Invalid)
            Assert.False(Descriptor.Parse(text, BitcoinNetwork.Mainnet).IsOk, text);
    }

    [Theory]
    [InlineData("wpkh(", "descriptor.key: at position 6 is missing")]
    [InlineData("wpkh(abc)", "descriptor.key: at position 6 is no key: 66 or 130 hex digits, WIF, or an extended key are")]
    [InlineData("foo(abc)", "descriptor: at position 1 has a function that is not known: foo")]
    [InlineData("", "descriptor: at position 1 needs a function like wpkh(…)")]
    [InlineData("wsh(wpkh(0260b2003c386519fc9eadf2b5cf124dd8eea4c4e68d5e154050a9346ea98ce600))", "descriptor: at position 5 has wpkh(), which cannot stand inside wsh()")]
    [InlineData("wpkh(0260b2003c386519fc9eadf2b5cf124dd8eea4c4e68d5e154050a9346ea98ce600))", "descriptor: at position 73 has text after its end")]
    [InlineData("wpkh(0260b2003c386519fc9eadf2b5cf124dd8eea4c4e68d5e154050a9346ea98ce600", "descriptor: at position 72 ends where ')' is expected")]
    [InlineData("wpkh(02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff)", "descriptor.key: at position 6 is no public key: not a point of the curve, or of a form that is not used")]
    [InlineData("multi(2,0260b2003c386519fc9eadf2b5cf124dd8eea4c4e68d5e154050a9346ea98ce600)", "descriptor: at position 7 asks for 2 signatures of 1 keys")]
    [InlineData("pkh(cVpF924EspNh8KjYsfhgY96mmxvT6DgdWiTYMtMjuM74hJaU5psW)", "descriptor.key: at position 5 is a secret key that is a testnet key; mainnet is expected")]
    [InlineData("addr(tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7)", "descriptor: at position 6 has an address that is a testnet address; mainnet is expected")]
    [InlineData("raw(deadbeef)#89f8spxn", "descriptor.checksum: does not match: a character is mistyped or missing")]
    [InlineData("raw(dead\tbeef)", "descriptor: has a character that descriptors do not use at position 9")]
    [InlineData("wpkh([deadbeef/0H]0260b2003c386519fc9eadf2b5cf124dd8eea4c4e68d5e154050a9346ea98ce600)", "descriptor.key: at position 6 has a step '0H' that is no number")]
    public void A_refusal_names_position_and_reason(string text, string refusal) =>
        Assert.Equal(refusal, Descriptor.Parse(text, BitcoinNetwork.Mainnet).Error.ToString());

    [Fact]
    public void A_checksum_may_be_required()
    {
        Assert.Equal("descriptor.checksum: is missing; it is #89f8spxm", Descriptor.Parse("raw(deadbeef)", BitcoinNetwork.Mainnet, requireChecksum: true).Error.ToString());
        Assert.True(Descriptor.Parse("raw(deadbeef)#89f8spxm", BitcoinNetwork.Mainnet, requireChecksum: true).IsOk);
    }

    [Fact]
    public void A_hardened_step_takes_the_private_key()
    {
        using var descriptor = Descriptor.Parse("wpkh(xpub6ERApfZwUNrhLCkDtcHTcxd75RbzS1ed54G1LkBUHQVHQKqhMkhgbmJbZRkrgZw4koxb5JaHWkY4ALHY2grBGRjaDMzQLcgJvLJuZZvRcEL/3h/*)", BitcoinNetwork.Mainnet).Value;
        Assert.Contains("needs the private key", descriptor.Derive(0).Error.Reason, StringComparison.Ordinal);
        Assert.Equal("index", descriptor.Derive(0x8000_0000).Error.Field);
    }

    [Fact]
    public void Any_text_is_read_or_refused() => Fuzz.Run(
        [.. BipDescriptorVectors.Valid.Where(static row => row.Descriptor.Length < 1000).Select(static row => Encoding.UTF8.GetBytes(row.Descriptor)), .. BipDescriptorVectors.Multipath.Select(static row => Encoding.UTF8.GetBytes(row.Descriptor))],
        static input =>
        {
            if (!Descriptor.Parse(Encoding.UTF8.GetString(input), BitcoinNetwork.Mainnet).TryGet(out var descriptor))
                return;
            using (descriptor)
                CheckRoundTrip(descriptor);
        },
        limits: new FuzzLimits(BytesPerInputByte: 512, Bytes: 1 << 16));

    private static void CheckRoundTrip(Descriptor descriptor)
    {
        using var back = Descriptor.Parse(descriptor.ToString(), BitcoinNetwork.Mainnet, requireChecksum: true).Value;
        Assert.Equal(descriptor.ToString(), back.ToString());
        Assert.Equal(descriptor.IsRanged, back.IsRanged);
        using var secret = Descriptor.Parse(descriptor.ToSecretString(), BitcoinNetwork.Mainnet, requireChecksum: true).Value;
        Assert.Equal(descriptor.HasSecretKeys, secret.HasSecretKeys);
    }

    private static void CheckScripts(Descriptor descriptor, string expected)
    {
        var byIndex = expected.Split(';');
        for (var i = 0; i < byIndex.Length && expected.Length > 0; i++)
            Assert.Equal(byIndex[i], string.Join(' ', descriptor.Derive((uint)i).Value.Select(static script => script.ScriptPubKey.ToHex())));
        if (!descriptor.IsRanged && expected.Length > 0)
            Assert.Equal(byIndex[0], string.Join(' ', descriptor.Derive(2).Value.Select(static script => script.ScriptPubKey.ToHex())));
    }

    private static void AssertSame(string expected, string actual) =>
        Assert.Equal(expected, expected.Contains('#', StringComparison.Ordinal) ? actual : WithoutChecksum(actual));

    private static string WithoutChecksum(string text) => text[..text.IndexOf('#', StringComparison.Ordinal)];
}
