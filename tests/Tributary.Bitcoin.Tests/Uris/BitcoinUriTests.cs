using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Uris;
using Tributary.Primitives.Amounts;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Uris;

public sealed class BitcoinUriTests
{
    // BIP 321's examples spoil their base58 address on purpose; this one is valid.
    private const string Base58 = "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo";
    private const string Segwit = "bc1qufgy354j3kmvuch987xe4s40836x3h0lg8f5n2";

    private static BitcoinUri Parse(string text) => BitcoinUri.Parse(text, BitcoinNetwork.Mainnet).Value;

    private static string Refuse(string text) => BitcoinUri.Parse(text, BitcoinNetwork.Mainnet).Error.ToString();

    [Fact]
    public void An_address_alone_is_a_URI()
    {
        Assert.Equal(Base58, Parse($"bitcoin:{Base58}").Address!.ToString());
        Assert.Equal(Base58, Parse($"BitCoin:{Base58}").Address!.ToString());
        Assert.Equal(Base58, Parse($"bitcoin:{Base58}?").Address!.ToString());
    }

    [Fact]
    public void Amount_label_and_message_are_read()
    {
        var uri = Parse($"bitcoin:{Base58}?amount=20.3&label=Luke-Jr&message=Donation%20for%20project%20xyz+%E2%82%BF");
        Assert.Equal(new Satoshis(2_030_000_000), uri.Amount);
        Assert.Equal("Luke-Jr", uri.Label);
        Assert.Equal("Donation for project xyz+₿", uri.Message);
    }

    [Theory]
    [InlineData("50", 5_000_000_000)]
    [InlineData("50.00", 5_000_000_000)]
    [InlineData("0.00000001", 1)]
    [InlineData(".5", 50_000_000)]
    [InlineData("5.", 500_000_000)]
    [InlineData("00000000000001.100000000000", 110_000_000)]
    [InlineData("21000000", 2_100_000_000_000_000)]
    [InlineData("0", 0)]
    public void Amounts_are_decimal_bitcoin(string text, long satoshis) =>
        Assert.Equal(satoshis, Parse($"bitcoin:{Base58}?AMOUNT={text}").Amount!.Value.Value);

    [Theory]
    [InlineData("50,000.00")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("0.000000001")]
    [InlineData("21000000.00000001")]
    [InlineData("99999999999999999999")]
    [InlineData("1%201")]
    public void Other_amounts_are_refused(string text) =>
        Assert.StartsWith("uri.amount: ", Refuse($"bitcoin:{Base58}?amount={text}"), StringComparison.Ordinal);

    [Fact]
    public void Payment_instructions_may_replace_the_address()
    {
        var uri = Parse("bitcoin:?lightning=lnbc420bogusinvoice&lno=lno1bogusoffer&sp=sp1qsilentpayment&pay=PM8T&lightning=lnbc2");
        Assert.Null(uri.Address);
        Assert.Equal("lnbc420bogusinvoice lnbc2", string.Join(' ', uri.Lightning));
        Assert.Equal("lno1bogusoffer", Assert.Single(uri.Offers));
        Assert.Equal("sp1qsilentpayment", Assert.Single(uri.SilentPayments));
        Assert.Equal("PM8T", Assert.Single(uri.PrivatePayments));
        Assert.Equal("uri: has no address and no other way to pay that is understood", Refuse("bitcoin:"));
        Assert.Equal("uri: has no address and no other way to pay that is understood", Refuse("bitcoin:?label=x"));
    }

    [Fact]
    public void Upper_case_URIs_of_QR_codes_are_read()
    {
        var uri = Parse($"BITCOIN:{Segwit.ToUpperInvariant()}?BC=BC1P0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQZK5JJ0&LIGHTNING=LNBC1X&AMOUNT=1");
        Assert.Equal(Segwit, uri.Address!.ToString());
        Assert.Equal(AddressKind.P2tr, Assert.Single(uri.Addresses).Kind);
        Assert.Equal("LNBC1X", Assert.Single(uri.Lightning));
    }

    [Theory]
    [InlineData("label=Luke-Jr&label=Matt", "uri.label: is given twice")]
    [InlineData("message=a&MESSAGE=a", "uri.message: is given twice")]
    [InlineData("amount=42&amount=10", "uri.amount: is given twice")]
    [InlineData("amount=42&amount=42", "uri.amount: is given twice")]
    [InlineData("pop=callback%3a&req-pop=callback%3a", "uri.pop: is given twice")]
    [InlineData("req-somethingyoudontunderstand=50", "uri.req-somethingyoudontunderstand: is required and not understood; the URI must not be paid")]
    [InlineData("REQ-x", "uri.req-x: is required and not understood; the URI must not be paid")]
    [InlineData("req-pop=https%3aevilwebsite.com", "uri.req-pop: asks for proof of payment at a URI that must not be opened; the URI must not be paid")]
    [InlineData("bc=tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "uri.bc: is a testnet address; mainnet is expected")]
    [InlineData("bc=1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo", "uri.bc: is no address that begins with bc1")]
    [InlineData("label=%E2%28", "uri.label: is not valid percent-encoded UTF-8")]
    [InlineData("label=%4", "uri.label: is not valid percent-encoded UTF-8")]
    [InlineData("label=%zz", "uri.label: is not valid percent-encoded UTF-8")]
    [InlineData("lightning=", "uri.lightning: is empty")]
    [InlineData("=5", "uri.query: has a parameter without a readable name")]
    public void A_query_that_breaks_a_rule_is_refused(string query, string refusal) =>
        Assert.Equal(refusal, Refuse($"bitcoin:{Base58}?{query}"));

    [Theory]
    [InlineData("litecoin:abc", "uri.scheme: is not bitcoin:")]
    [InlineData("bitcoin", "uri.scheme: is not bitcoin:")]
    [InlineData("bitcoin:tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "address: is a testnet address; mainnet is expected")]
    [InlineData("bitcoin://1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo", "address.base58: has a character that base58 does not use at position 1")]
    public void A_body_that_is_no_address_is_refused(string text, string refusal) => Assert.Equal(refusal, Refuse(text));

    [Fact]
    public void What_is_optional_and_not_understood_is_kept()
    {
        var uri = Parse($"bitcoin:{Base58}?somethingyoudontunderstand=50&somethingelseyoudontget&somethingyoudontunderstand=51");
        Assert.Equal(3, uri.Unknown.Length);
        Assert.Equal(new UriParameter("somethingelseyoudontget", null), uri.Unknown[1]);
        Assert.Equal(uri.Unknown, Parse(uri.ToString()).Unknown);
    }

    [Fact]
    public void An_address_of_another_network_in_its_own_parameter_is_not_ours_to_pay() =>
        Assert.Equal("uri: has no address and no other way to pay that is understood", Refuse("bitcoin:?tb=tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7"));

    [Theory]
    [InlineData("initiatingapp%3a", "onchain", "00", "initiatingapp:onchain=00")]
    [InlineData("callbackuri%3abody%3fpop=", "lightning", "11", "callbackuri:body?pop=lightning=11")]
    [InlineData("app%3a%3f", "lightning", "11", "app:?lightning=11")]
    [InlineData("https%3aiwantyouripaddress.com", "onchain", "00", null)]
    [InlineData("HTTP%3ax", "onchain", "00", null)]
    [InlineData("javascript%3ax", "onchain", "00", null)]
    [InlineData("noscheme", "onchain", "00", null)]
    public void Proof_of_payment_goes_to_applications_only(string pop, string key, string information, string? opened) =>
        Assert.Equal(opened, Parse($"bitcoin:{Base58}?pop={pop}").ProofOfPayment!.For(key, information));

    [Fact]
    public void What_is_written_reads_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((NonNull<string> label, NonNull<string> message, uint amount) =>
        {
            var uri = new BitcoinUri
            {
                Address = Address.Parse(Segwit, BitcoinNetwork.Mainnet).Value,
                Amount = new Satoshis(amount),
                Label = Clean(label.Get),
                Message = Clean(message.Get),
                Lightning = ["lnbc1abc"],
                ProofOfPayment = new ProofOfPayment("app:?x=", IsRequired: false),
            };
            return Same(uri, Parse(uri.ToString())) && Same(uri with { Lightning = ["LNBC1ABC"] }, Parse(uri.ToQrString()));
        }));

    [Fact]
    public void A_QR_code_gets_the_URI_in_its_dense_alphabet()
    {
        var uri = new BitcoinUri { Address = Address.Parse(Segwit, BitcoinNetwork.Mainnet).Value, Amount = new Satoshis(12_000), Lightning = ["lnbc1abc"] };
        Assert.Equal($"BITCOIN:{Segwit.ToUpperInvariant()}?AMOUNT=0.00012&LIGHTNING=LNBC1ABC", uri.ToQrString());
        Assert.Equal($"bitcoin:{Segwit}?amount=0.00012&lightning=lnbc1abc", uri.ToString());
    }

    [Fact]
    public void Any_text_is_read_or_refused() => Fuzz.Run(
        [.. new[]
        {
            $"bitcoin:{Base58}?amount=20.3&label=Luke-Jr&message=Donation%20for%20project%20xyz&pop=initiatingapp%3a",
            "BITCOIN:?BC=BC1P0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQZK5JJ0&LIGHTNING=LNBC1X",
            "bitcoin:?lno=lno1bogusoffer&sp=sp1qsilentpayment&req-x=y",
        }.Select(Encoding.UTF8.GetBytes)],
        static input =>
        {
            if (BitcoinUri.Parse(Encoding.UTF8.GetString(input), BitcoinNetwork.Mainnet).TryGet(out var uri))
                Assert.True(Same(uri, Parse(uri.ToString())));
        },
        limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 16384));

    private static bool Same(BitcoinUri left, BitcoinUri right) =>
        Equals(left.Address, right.Address) && left.Amount == right.Amount && Equals(left.Label, right.Label) && Equals(left.Message, right.Message)
        && left.Lightning.SequenceEqual(right.Lightning) && left.Offers.SequenceEqual(right.Offers) && left.SilentPayments.SequenceEqual(right.SilentPayments)
        && left.PrivatePayments.SequenceEqual(right.PrivatePayments) && left.ProofOfPayment == right.ProofOfPayment
        && left.Addresses.SequenceEqual(right.Addresses) && left.Unknown.SequenceEqual(right.Unknown);

    // A lone surrogate has no UTF-8 and can't be written.
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
