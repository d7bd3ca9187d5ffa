using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tributary.Payments.Lnurl;

namespace Tributary.Payments.Tests.Lnurl;

public sealed class PayMetadataTests
{
    [Fact]
    public void Metadata_is_an_array_of_pairs_that_begins_with_the_plain_text()
    {
        var metadata = PayMetadata.Of("Tea & \"more\" – für dich", "Two cups", "pay@shop.example");
        using var read = JsonDocument.Parse(metadata.Text);
        Assert.Equal(
            "text/plain:Tea & \"more\" – für dich|text/long-desc:Two cups|text/identifier:pay@shop.example",
            string.Join('|', read.RootElement.EnumerateArray().Select(static entry => $"{entry[0].GetString()}:{entry[1].GetString()}")));
        Assert.Equal("""[["text/plain","lorem ipsum blah blah"]]""", PayMetadata.Of("lorem ipsum blah blah", null, null).Text);
    }

    [Fact]
    public void The_hash_is_of_the_text_as_it_is_sent()
    {
        var metadata = PayMetadata.Of("für dich", null, null);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(metadata.Text))), metadata.Hash(null).ToString());
        Assert.Equal(metadata.Hash(null), metadata.Hash(""));
    }

    // The example of LUD-18, section 3.
    [Fact]
    public void What_the_payer_says_is_hashed_behind_the_metadata_as_it_came()
    {
        const string Metadata = """[["text/plain", "description"], ["image/png;base64", "AAA=="]]""";
        const string Payer = """{"name":"bob","identifier":"bob@bob.com"}""";
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Metadata + Payer))), new PayMetadata(Metadata).Hash(Payer).ToString());
    }
}
