using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Invoices;

public sealed class InvoiceTests
{
    private const string NodeId = "03e7156ae33b0a208d0744199163177e909e80176e55d97a2f221ede0f934dd9ad";
    private const string Hash = "0001020304050607080900010203040506070809000102030405060708090102";
    private const string ListHash = "3925b6f67e2c340036ed12093dd44e0368df1b6ea26c53dbe4811f58fd5db8c1";
    private const string Rusty = "029e03a901b85534ff1e92c43c74431f7ce72046060fcf7a95c37e148f78c77255";
    private const string RustyNegated = "039e03a901b85534ff1e92c43c74431f7ce72046060fcf7a95c37e148f78c77255";

    private static readonly SecretKey s_key = TestKeys.Secret("e126f68f7eafcc8b74f54d269fe206be715000f94dac067d1c04a8ca3b2db734");
    private static readonly Bytes32 s_secret = new(Enumerable.Repeat((byte)0x11, 32).ToArray());

    public static TheoryData<string, long?, string, string?, string[]> Examples => new()
    {
        { InvoiceVectors.Donation, null, "mainnet", "Please consider supporting this project", [] },
        { InvoiceVectors.Coffee, 250_000_000, "mainnet", "1 cup coffee", [] },
        { InvoiceVectors.Nonsense, 250_000_000, "mainnet", "ナンセンス 1杯", [] },
        { InvoiceVectors.Hashed, 2_000_000_000, "mainnet", null, [] },
        { InvoiceVectors.TestnetFallback, 2_000_000_000, "testnet3", null, ["mk2QpYatsKicvFVuTAQLBryyccRXMUaGHP"] },
        { InvoiceVectors.ExtraRoute, 2_000_000_000, "mainnet", null, ["1RustyRX2oai4EYYDpQGWvEL62BBGqN9T"] },
        { InvoiceVectors.PayToScriptHash, 2_000_000_000, "mainnet", null, ["3EktnHQD7RiAE6uzMj2ZifT9YgRrkSgzQX"] },
        { InvoiceVectors.PayToWitnessKeyHash, 2_000_000_000, "mainnet", null, ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"] },
        { InvoiceVectors.PayToWitnessScriptHash, 2_000_000_000, "mainnet", null, ["bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3"] },
        { InvoiceVectors.PayToTaproot, 2_000_000_000, "mainnet", null, ["bc1pptdvg0d2nj99568qn6ssdy4cygnwuxgw2ukmnwgwz7jpqjz2kszse2s3lm"] },
        { InvoiceVectors.Features, 2_500_000_000, "mainnet", "coffee beans", [] },
        { InvoiceVectors.UpperCase, 2_500_000_000, "mainnet", "coffee beans", [] },
        { InvoiceVectors.Ignored, 2_500_000_000, "mainnet", "coffee beans", [] },
        { InvoiceVectors.Metadata, 1_000_000_000, "mainnet", "payment metadata inside", [] },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_examples_of_BOLT_11_say_what_they_say(string text, long? amount, string network, string? description, string[] fallbacks)
    {
        var invoice = Invoice.Parse(text).Value;
        var terms = invoice.Terms;
        Assert.Equal(NodeId, invoice.Payee.ToString());
        Assert.Equal(Hash, terms.PaymentHash.ToString());
        Assert.Equal(s_secret, terms.PaymentSecret);
        Assert.Equal(1496314658, terms.Timestamp);
        Assert.Equal(amount, terms.Amount?.Value);
        Assert.Equal(network, terms.Network.Name);
        Assert.Equal(description, terms.Description);
        Assert.Equal(description is null ? ListHash : null, terms.DescriptionHash?.ToString());
        Assert.Equal(fallbacks.Select(address => Address.Parse(address, terms.Network).Value.ScriptPubKey), terms.Fallbacks);
    }

    // Its S is negated and its recovery id is not, so what is recovered is another key than that of the other examples.
    [Fact]
    public void A_payee_is_recovered_from_a_signature_with_a_high_S()
    {
        var invoice = Invoice.Parse(InvoiceVectors.HighS).Value;
        Assert.StartsWith("02d0139ce7427d6dfffd26a326c18be754ef1e64672b42694b", invoice.Payee.ToString(), StringComparison.Ordinal);
        Assert.Equal("Please consider supporting this project", invoice.Terms.Description);
    }

    [Fact]
    public void The_rest_of_the_examples_fields_is_read()
    {
        Assert.Equal(60, Invoice.Parse(InvoiceVectors.Coffee).Value.Terms.ExpirySeconds);
        Assert.Equal(1496314658 + 60, Invoice.Parse(InvoiceVectors.Coffee).Value.Terms.ExpiresAt);
        Assert.Equal("8 14 99", Invoice.Parse(InvoiceVectors.Features).Value.Terms.Features.ToString());
        Assert.Equal("01fafaf0", Convert.ToHexStringLower(Invoice.Parse(InvoiceVectors.Metadata).Value.Terms.Metadata!.Value.Span));

        var hint = Assert.Single(Invoice.Parse(InvoiceVectors.ExtraRoute).Value.Terms.RouteHints);
        Assert.Equal(
            [
                new RouteHintHop(TestKeys.Public(Rusty), new ShortChannelId(66051, 263430, 1800), 1, 20, 3),
                new RouteHintHop(TestKeys.Public(RustyNegated), new ShortChannelId(197637, 395016, 2314), 2, 30, 4),
            ],
            hint);

        var pico = Invoice.Parse(InvoiceVectors.Pico).Value.Terms;
        Assert.Equal(967_878_534, pico.Amount?.Value);
        Assert.Equal(604_800, pico.ExpirySeconds);
        Assert.Equal(10u, pico.MinFinalCltvExpiryDelta);
        Assert.Equal("462264ede7e14047e9b249da94fefc47f41f7d02ee9b091815a5506bc8abf75f", pico.PaymentHash.ToString());
    }

    [Fact]
    public void Signing_the_examples_fields_again_gives_the_examples()
    {
        foreach (var text in Examples.Select(static row => row.Data.Item1).Append(InvoiceVectors.Pico))
        {
            var lower = text.ToLowerInvariant();
            var invoice = Invoice.Parse(text).Value;
            Assert.Equal(lower, Invoice.Sign(lower[..lower.LastIndexOf('1')], invoice.Terms.Timestamp, invoice.Fields, s_key));
        }
    }

    [Fact]
    public void Terms_written_anew_are_the_terms_that_were_read()
    {
        foreach (var text in Examples.Select(static row => row.Data.Item1))
        {
            var terms = Invoice.Parse(text).Value.Terms;
            var again = Invoice.Create(terms, s_key).Value.Terms;
            Assert.Equal(terms with { Fallbacks = [], RouteHints = [], Metadata = null }, again with { Fallbacks = [], RouteHints = [], Metadata = null });
            Assert.Equal(terms.Fallbacks, again.Fallbacks);
            Assert.Equal(terms.RouteHints, again.RouteHints);
            Assert.Equal(terms.Metadata?.ToArray(), again.Metadata?.ToArray());
        }

        // Its fields stand in our order, so the text is the same too.
        Assert.Equal(InvoiceVectors.Donation, Invoice.Create(Invoice.Parse(InvoiceVectors.Donation).Value.Terms, s_key).Value.Text);
        Assert.Equal(InvoiceVectors.Coffee, Invoice.Create(Invoice.Parse(InvoiceVectors.Coffee).Value.Terms, s_key).Value.Text);
    }

    [Fact]
    public void The_invalid_examples_are_refused_for_their_reason()
    {
        foreach (var (text, field) in InvoiceVectors.Invalid)
            Assert.Equal(field, Invoice.Parse(text).Error.Field);
    }

    [Fact]
    public void Fields_that_are_not_used_are_kept() => Assert.Equal(
        [1, 13, 16, 5, 10, 9, 1, 1, 23, 23, 16, 16, 19, 19], Invoice.Parse(InvoiceVectors.Ignored).Value.Fields.Select(static field => field.Tag));

    [Fact]
    public void Amounts_take_the_shortest_form_and_come_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong number, byte zeros) =>
        {
            var amount = 1 + (long)(number % 2_100_000_000_000_000);
            for (var i = 0; i < zeros % 12 && amount < 100_000_000_000_000_000; i++)
                amount *= 10;
            var text = InvoiceAmount.Write(new MilliSatoshis(amount));
            Assert.Equal(amount, InvoiceAmount.Read(text).Value.Value);
        }));

    [Theory]
    [InlineData("1", 100_000_000_000)]
    [InlineData("21000000", 2_100_000_000_000_000_000)]
    [InlineData("1m", 100_000_000)]
    [InlineData("1u", 100_000)]
    [InlineData("1n", 100)]
    [InlineData("10p", 1)]
    public void A_multiplier_stands_for_a_part_of_a_bitcoin(string text, long amount)
    {
        Assert.Equal(amount, InvoiceAmount.Read(text).Value.Value);
        Assert.Equal(text, InvoiceAmount.Write(new MilliSatoshis(amount)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("1p")]
    [InlineData("15p")]
    [InlineData("1x")]
    [InlineData("1mm")]
    [InlineData("21000001")]
    [InlineData("99999999999999999999")]
    public void Other_amounts_are_refused(string text) => Assert.Equal("amount", InvoiceAmount.Read(text).Error.Field);

    [Fact]
    public void What_an_invoice_cannot_carry_is_refused()
    {
        var terms = new InvoiceTerms
        {
            Network = BitcoinNetwork.Regtest,
            Timestamp = 1,
            PaymentHash = default,
            PaymentSecret = s_secret,
            Description = "",
            Features = FeatureVector.Empty.Requiring(Feature.VariableLengthOnion, Feature.PaymentSecret),
        };
        Assert.StartsWith("lnbcrt1", Invoice.Create(terms, s_key).Value.Text, StringComparison.Ordinal);
        Assert.StartsWith("lntbs1", Invoice.Create(terms with { Network = BitcoinNetwork.Signet }, s_key).Value.Text, StringComparison.Ordinal);
        Assert.Equal("d", Invoice.Create(terms with { Description = new string('x', 640) }, s_key).Error.Field);
        Assert.True(Invoice.Create(terms with { Description = new string('x', 639) }, s_key).IsOk);
        Assert.Equal("description", Invoice.Create(terms with { Description = null }, s_key).Error.Field);
        Assert.Equal("description", Invoice.Create(terms with { DescriptionHash = s_secret }, s_key).Error.Field);
        Assert.Equal("amount", Invoice.Create(terms with { Amount = MilliSatoshis.Zero }, s_key).Error.Field);
        Assert.Equal("timestamp", Invoice.Create(terms with { Timestamp = 1L << 35 }, s_key).Error.Field);
        Assert.Equal("expiry", Invoice.Create(terms with { ExpirySeconds = 0 }, s_key).Error.Field);
        Assert.Equal("r", Invoice.Create(terms with { RouteHints = [[]] }, s_key).Error.Field);
        Assert.Equal("9", Invoice.Create(terms with { Features = FeatureVector.OfBits(100) }, s_key).Error.Field);
    }

    [Fact]
    public void A_named_payee_must_have_signed()
    {
        var terms = Invoice.Parse(InvoiceVectors.Donation).Value.Terms;
        var named = Invoice.Create(terms, s_key, namePayee: true).Value;
        Assert.Equal(NodeId, named.Payee.ToString());
        Assert.Contains(named.Fields, static field => field.Tag == InvoiceTag.Payee);
        var forged = Invoice.Sign("lnbc", terms.Timestamp, named.Fields, TestKeys.Secret(0x42));
        Assert.Equal("signature", Invoice.Parse(forged).Error.Field);
    }

    [Fact]
    public void The_scheme_of_a_link_is_taken_off() =>
        Assert.Equal(InvoiceVectors.Coffee, Invoice.Parse(" LIGHTNING:" + InvoiceVectors.Coffee + "\n").Value.Text);

    [Fact]
    public void Any_text_is_an_invoice_or_refused() =>
        Fuzz.RunText(
            [InvoiceVectors.Coffee, InvoiceVectors.ExtraRoute, InvoiceVectors.Pico],
            static input => _ = Invoice.Parse(input),
            iterations: 1000,
            limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 16384));

    // Behind a right checksum and signature, where mutated text hardly ever comes.
    [Fact]
    public void Any_fields_are_terms_or_refused()
    {
        var values = new List<byte>();
        foreach (var field in Invoice.Parse(InvoiceVectors.ExtraRoute).Value.Fields)
            values.AddRange([field.Tag, (byte)(field.Values.Length >> 5), (byte)(field.Values.Length & 31), .. field.Values.Span]);
        Fuzz.Run(
            [[.. new byte[Invoice.TimestampValues], .. values]],
            static input =>
            {
                var fiveBits = new byte[Math.Max(Invoice.TimestampValues, input.Length)];
                for (var i = 0; i < input.Length; i++)
                    fiveBits[i] = (byte)(input[i] & 31);
                if (InvoiceReader.Read("lnbc1m", fiveBits, out _).TryGet(out var terms))
                    Assert.True(terms.ExpiresAt >= terms.Timestamp);
            },
            limits: new FuzzLimits(BytesPerInputByte: 512, Bytes: 16384));
    }
}
