using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Lnurl;

namespace Tributary.Payments.Tests.Lnurl;

public sealed class PayerDataTests
{
    private static readonly LightningName s_asking = new()
    {
        Name = "pay",
        StoreId = "store_1",
        IsLive = false,
        CreatedAt = DateTimeOffset.UnixEpoch,
        AskName = PayerDataRule.Optional,
        AskEmail = PayerDataRule.Mandatory,
    };

    [Fact]
    public void A_payer_is_read_and_kept_as_it_came()
    {
        const string Text = """{ "email":"bob@bob.example", "name":"Bob", "pubkey":"03ab" }""";
        var payer = PayerData.Read(Text, s_asking).Value;
        Assert.Equal((Text, "Bob", "bob@bob.example"), (payer.Text, payer.Name, payer.Email));
        Assert.DoesNotContain("Bob", payer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"name":"Bob"}""")]
    [InlineData("""{"email":"nobody"}""")]
    public void What_must_be_said_and_is_not_is_asked_for(string? text) =>
        Assert.Contains("e-mail", PayerData.Read(text, s_asking).Error.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"email":7}""")]
    [InlineData("""{"name":{"a":{"b":{"c":{}}}},"email":"a@b"}""")]
    public void What_is_no_payer_data_is_refused(string text) => Assert.Equal("payerdata", PayerData.Read(text, s_asking).Error.Parameter);

    [Fact]
    public void Without_a_demand_silence_is_fine() => Assert.Null(PayerData.Read(null, s_asking with { AskEmail = PayerDataRule.Optional }).Value.Email);

    [Fact]
    public void Of_any_text_nothing_is_taken_that_was_not_asked_for() =>
        Check.QuickThrowOnFailure(Prop.ForAll((NonNull<string> text) =>
            PayerData.Read(text.Get, s_asking).TryGet(out var payer, out var error) ? payer.Email!.Contains('@', StringComparison.Ordinal) : error.Parameter is "payerdata"));
}
