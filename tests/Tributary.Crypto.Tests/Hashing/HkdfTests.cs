namespace Tributary.Crypto.Tests.Hashing;

public sealed class HkdfTests
{
    // RFC 5869, appendix A.1 to A.3.
    [Theory]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData(
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
        "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
        "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87")]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
        "",
        "",
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void The_vectors_of_RFC_5869_come_out(string inputKey, string salt, string info, string pseudorandomKey, string output)
    {
        var (extracted, expanded, derived) = (new byte[32], new byte[output.Length / 2], new byte[output.Length / 2]);
        Hkdf.Extract(Convert.FromHexString(inputKey), Convert.FromHexString(salt), extracted);
        Assert.Equal(pseudorandomKey, Convert.ToHexStringLower(extracted));
        Hkdf.Expand(extracted, Convert.FromHexString(info), expanded);
        Assert.Equal(output, Convert.ToHexStringLower(expanded));
        Hkdf.DeriveKey(Convert.FromHexString(inputKey), Convert.FromHexString(salt), Convert.FromHexString(info), derived);
        Assert.Equal(expanded, derived);
    }

    // BOLT 8, appendix A, act three: the message keys follow from the chaining key and an empty input key.
    [Fact]
    public void An_empty_input_key_is_a_key()
    {
        var (first, second) = (new byte[32], new byte[32]);
        Hkdf.DeriveTwo(Convert.FromHexString("919219dbb2920afa8db80f9a51787a840bcf111ed8d588caf9ab4be716e42b01"), [], first, second);
        Assert.Equal("969ab31b4d288cedf6218839b27a3e2140827047f2c0f01bf5c04435d43511a9", Convert.ToHexStringLower(first));
        Assert.Equal("bb9020b8965f4df047e07f955f3c4b88418984aadc5cdb35096b9ea8fa5c3442", Convert.ToHexStringLower(second));
    }

    // BOLT 8, appendix A, act one: the chaining key and the secret give the next chaining key and temp_k1.
    [Fact]
    public void The_keys_of_BOLT_8s_first_act_come_out_in_place()
    {
        var chainingKey = Convert.FromHexString("2640f52eebcd9e882958951c794250eedb28002c05d7dc2ea0f195406042caf1");
        var second = new byte[32];
        Hkdf.DeriveTwo(chainingKey, Convert.FromHexString("1e2fb3c8fe8fb9f262f649f64d26ecf0f2c0a805a767cf02dc2d77a6ef1fdcc3"), chainingKey, second);
        Assert.Equal("b61ec1191326fa240decc9564369dbb3ae2b34341d1e11ad64ed89f89180582f", Convert.ToHexStringLower(chainingKey));
        Assert.Equal("e68f69b7f096d7917245f5e5cf8ae1595febe4d4644333c99f9c4a1282031c9f", Convert.ToHexStringLower(second));
    }

    // RFC 4231, test cases 1, 2 and 6.
    [Theory]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
        "4869205468657265",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854")]
    [InlineData(
        "4a656665",
        "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737")]
    [InlineData(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598")]
    public void The_vectors_of_RFC_4231_come_out(string key, string data, string mac256, string mac512)
    {
        var (short32, long64) = (new byte[32], new byte[64]);
        Hashes.HmacSha256(Convert.FromHexString(key), Convert.FromHexString(data), short32);
        Hashes.HmacSha512(Convert.FromHexString(key), Convert.FromHexString(data), long64);
        Assert.Equal(mac256, Convert.ToHexStringLower(short32));
        Assert.Equal(mac512, Convert.ToHexStringLower(long64));
    }
}
