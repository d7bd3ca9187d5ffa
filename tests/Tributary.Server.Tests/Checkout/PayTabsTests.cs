using System.Collections.Immutable;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Uris;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Server.Checkout;

namespace Tributary.Server.Tests.Checkout;

public sealed class PayTabsTests
{
    private const string Address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    private static readonly string s_invoice = "lnbcrt416670n1" + new string('p', 280);
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Both_bitcoin_rails_are_one_code_first_and_each_alone_after_it()
    {
        var tabs = PayTabs.Of(File([Attempt(RailKind.Lightning, s_invoice) with { Due = 41_667_000 }, Attempt(RailKind.OnChain, Address)]), BitcoinNetwork.Regtest, "Tea & more", s_now);
        Assert.Equal("wallet lightning bitcoin card", Names(tabs));
        var uri = BitcoinUri.Parse(tabs[0].Uri!, BitcoinNetwork.Regtest).Value;
        Assert.Equal(41_667, uri.Amount!.Value.Value);
        Assert.Equal(s_invoice, uri.Lightning.Single());
        Assert.Equal("Tea & more", uri.Label);
        Assert.Equal("lightning:" + s_invoice, tabs[1].Uri);
        Assert.Equal(Address, tabs[2].Copied);
        Assert.Empty(BitcoinUri.Parse(tabs[2].Uri!, BitcoinNetwork.Regtest).Value.Lightning);
        Assert.All(tabs[..3], static tab => Assert.NotNull(tab.Code));
    }

    [Fact]
    public void What_no_longer_holds_is_not_offered()
    {
        var expired = Attempt(RailKind.Lightning, s_invoice) with { ExpiresAt = s_now };
        var failed = Attempt(RailKind.OnChain, Address) with { Status = AttemptStatus.Expired };
        var other = Attempt(RailKind.OnChain, Address) with { Covers = new CurrencyAmount(1, Currency.Of("eur")) };
        var tabs = PayTabs.Of(File([expired, failed, other]), BitcoinNetwork.Regtest, "Tea", s_now);
        Assert.Equal("card", Names(tabs));
    }

    [Fact]
    public void Offers_that_were_priced_at_different_moments_are_not_one_code()
    {
        var dearer = Attempt(RailKind.OnChain, Address) with { Due = 41_668_000 };
        var tabs = PayTabs.Of(File([Attempt(RailKind.Lightning, s_invoice) with { Due = 41_667_000 }, dearer]), BitcoinNetwork.Regtest, "Tea", s_now);
        Assert.Equal("lightning bitcoin card", Names(tabs));
    }

    [Fact]
    public void An_address_of_another_network_is_not_shown()
    {
        var tabs = PayTabs.Of(File([Attempt(RailKind.OnChain, Address)]), BitcoinNetwork.Mainnet, "Tea", s_now);
        Assert.Equal("card", Names(tabs));
    }

    private static string Names(ImmutableArray<PayTab> tabs) => string.Join(' ', tabs.Select(static tab => tab.Name));

    private static PaymentAttempt Attempt(RailKind rail, string instruction) => new()
    {
        Id = "att_" + rail,
        Rail = rail,
        Status = AttemptStatus.Open,
        Reference = "ref_" + rail,
        Instruction = instruction,
        Covers = new CurrencyAmount(2500, Currency.Of("eur")),
        Asset = Asset.Bitcoin,
        Due = 41_666_001,
        CreatedAt = s_now,
        ExpiresAt = s_now.AddMinutes(15),
    };

    private static PaymentFile File(ImmutableArray<PaymentAttempt> attempts)
    {
        var euro = Currency.Of("eur");
        return new PaymentFile(
            new PaymentIntent
            {
                Id = "pi_1",
                StoreId = "store_1",
                IsLive = false,
                Amount = new CurrencyAmount(2500, euro),
                Status = IntentStatus.RequiresAction,
                CaptureMethod = CaptureMethod.Automatic,
                Rails = [RailKind.Lightning, RailKind.OnChain, RailKind.Card],
                ClientSecret = "pi_1_secret",
                CreatedAt = s_now,
                ExpiresAt = s_now.AddHours(1),
                AmountReceived = new CurrencyAmount(0, euro),
                AmountCapturable = new CurrencyAmount(0, euro),
                Version = 1,
            },
            attempts,
            []);
    }
}
