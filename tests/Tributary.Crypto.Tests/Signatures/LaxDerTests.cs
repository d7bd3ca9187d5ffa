using System.Security.Cryptography;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.Signatures;

public sealed class LaxDerTests
{
    private const string R = "4e45e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd41";
    private const string S = "181522ec8eca07de4860a4acdd12909d831cc56cbbac4622082221a8768d1d09";

    // Each row is read as R and S; the spaces only part the fields for the eye.
    [Theory]
    [InlineData("30 44 02 20 " + R + " 02 20 " + S)]
    [InlineData("30 00 02 20 " + R + " 02 20 " + S)]
    [InlineData("30 ff 02 20 " + R + " 02 20 " + S + " this does not reach", false)]
    [InlineData("30 45 02 20 " + R + " 02 20 " + S)]
    [InlineData("30 44 02 20 " + R + " 02 20 " + S + " 00")]
    [InlineData("30 44 02 20 " + R + " 02 20 " + S + " deadbeef")]
    [InlineData("30 81 44 02 20 " + R + " 02 20 " + S)]
    [InlineData("30 82 0044 02 20 " + R + " 02 20 " + S)]
    [InlineData("30 84 ffffffff 02 20 " + R + " 02 20 " + S)]
    [InlineData("30 80 02 20 " + R + " 02 20 " + S)]
    [InlineData("30 45 02 21 00" + R + " 02 20 " + S)]
    [InlineData("30 49 02 25 0000000000" + R + " 02 20 " + S)]
    [InlineData("30 45 02 81 20 " + R + " 02 20 " + S)]
    [InlineData("30 46 02 82 0020 " + R + " 02 81 20 " + S)]
    [InlineData("30 4a 02 86 000000000020 " + R + " 02 20 " + S)]
    [InlineData("30 47 02 84 00000020 " + R + " 02 20 " + S)]
    [InlineData("", false)]
    [InlineData("30", false)]
    [InlineData("30 00", false)]
    [InlineData("31 44 02 20 " + R + " 02 20 " + S, false)]
    [InlineData("30 44 03 20 " + R + " 02 20 " + S, false)]
    [InlineData("30 44 02 20 " + R + " 03 20 " + S, false)]
    [InlineData("30 44 02 20 " + R, false)]
    [InlineData("30 44 02 20 " + R + " 02", false)]
    [InlineData("30 44 02 20 " + R + " 02 20", false)]
    [InlineData("30 44 02 20 " + R + " 02 21 " + S, false)]
    [InlineData("30 44 02 41 " + R + " 02 20 " + S, false)]
    [InlineData("30 c5 02 20 " + R + " 02 20 " + S, false)]
    [InlineData("30 48 02 84 01000020 " + R + " 02 20 " + S, false)]
    [InlineData("30 48 02 85 0100000020 " + R + " 02 20 " + S, false)]
    [InlineData("30 44 02 c8 " + R + " 02 20 " + S, false)]
    [InlineData("30 02 02 80", false)]
    public void Reads_what_consensus_reads(string hex, bool readable = true)
    {
        var der = hex.Contains("reach", StringComparison.Ordinal)
            ? Convert.FromHexString("30ff0220" + R + "0220" + S)
            : Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var compact = new byte[64];
        Assert.Equal(readable, LaxDer.TryParse(der, compact, out var overflow));
        Assert.False(overflow);
        Assert.Equal(readable, Ecdsa.TryParseLaxDer(der, new byte[64]));
        if (readable)
            Assert.Equal(R + S, Convert.ToHexStringLower(compact));
    }

    [Fact]
    public void Empty_and_zero_integers_read_as_zero_and_verify_nothing()
    {
        foreach (var hex in new[] { "3004020002 00", "300602010002 0100", "30060280 0280", "3044022000000000000000000000000000000000000000000000000000000000000000000200" })
        {
            var der = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
            var compact = new byte[64];
            Assert.True(LaxDer.TryParse(der, compact, out var overflow), hex);
            Assert.False(overflow);
            Assert.Equal(new byte[64], compact);
            Assert.True(Ecdsa.IsLowS(der));
            Assert.False(Ecdsa.VerifyLax(GeneratorKey(), der, new byte[32]));
        }
    }

    [Fact]
    public void Numbers_of_more_than_32_bytes_or_not_below_the_order_read_as_zero_and_have_low_S()
    {
        const string order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
        foreach (var hex in new[] { $"3045022101{R}0220{S}", $"30450220{R}022101{S}", $"30440220{order}0220{S}", $"30440220{R}0220{order}" })
        {
            var (der, compact) = (Convert.FromHexString(hex), new byte[64]);
            Assert.True(Ecdsa.TryParseLaxDer(der, compact), hex);
            Assert.Equal(new byte[64], compact);
            Assert.True(Ecdsa.IsLowS(der));
            Assert.False(Ecdsa.VerifyLax(GeneratorKey(), der, new byte[32]));
        }
    }

    [Fact]
    public void A_negative_number_is_read_without_its_sign()
    {
        // r's first bit set and no zero byte before it: negative in DER, taken as it stands by consensus.
        var r = "8e45e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd41";
        var compact = new byte[64];
        var der = Convert.FromHexString($"30440220{r}0220{S}");
        Assert.False(Ecdsa.TryParseDer(der, compact));
        Assert.True(Ecdsa.TryParseLaxDer(der, compact));
        Assert.Equal(r + S, Convert.ToHexStringLower(compact));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_without_allocation_and_strict_readings_agree()
    {
        using var key = SecretKey.Generate(new SeededEntropy(11));
        var publicKey = key.PublicKey.ToBytes();
        var (hash, compact, der) = (SHA256.HashData("fuzz"u8), new byte[64], new byte[72]);
        Ecdsa.Sign(key, hash, compact);
        var signature = der.AsSpan(0, Ecdsa.CompactToDer(compact, der)).ToArray();
        Fuzz.Run(
            [
                signature,
                [0x30, 0x81, (byte)(signature.Length - 2), .. signature.AsSpan(2)],
                Convert.FromHexString($"30460221{"00"}{R}022100{S}"),
                Convert.FromHexString($"304602820020{R}028120{S}"),
                Convert.FromHexString("3006020100020100"),
            ],
            input =>
            {
                Span<byte> lax = stackalloc byte[64];
                Span<byte> strict = stackalloc byte[64];
                var readable = Ecdsa.TryParseLaxDer(input, lax);
                if (Ecdsa.TryParseDer(input, strict) && (!readable || !strict.SequenceEqual(lax)))
                    throw new InvalidOperationException("The lax reading differs from the strict one.");
                _ = Ecdsa.IsLowS(input);

                // A valid signature is the one that was made, or its twin with the other S.
                if (Ecdsa.VerifyLax(publicKey, input, hash) && !lax[..32].SequenceEqual(compact.AsSpan(0, 32)))
                    throw new InvalidOperationException("A signature that nobody made is valid.");
            },
            iterations: 3000,
            limits: FuzzLimits.NoAllocation);
    }

    private static byte[] GeneratorKey() =>
        Convert.FromHexString("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
}
