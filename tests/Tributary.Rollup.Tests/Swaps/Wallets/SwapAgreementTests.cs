using FsCheck;
using FsCheck.Fluent;
using Tributary.Rollup.Api;
using Tributary.Rollup.Swaps;
using Tributary.Rollup.Swaps.Wallets;

namespace Tributary.Rollup.Tests.Swaps.Wallets;

/// <summary>What a client takes for an offer and for its terms, before anything is on disk.</summary>
public sealed class SwapAgreementTests
{
    private static readonly SwapMargins s_least = new();
    private static readonly SwapOfferView s_offer = new(true, 3, 10_000, 900_000, 500_000, 216, 2_000, 6, [6, 36, 36, 36, 72], 0, null);

    [Fact]
    public void Fee_is_what_the_offer_says_and_rounds_up()
    {
        Assert.Equal(216 + 100, SwapAgreement.FeeOf(s_offer, 50_000));
        Assert.Equal(216 + 21, SwapAgreement.FeeOf(s_offer, 10_001));
        Assert.Equal(216, SwapAgreement.FeeOf(s_offer with { FeePpm = 0 }, 50_000));
    }

    [Fact]
    public void Offer_that_costs_too_much_holds_too_little_or_relies_on_too_few_blocks_is_none()
    {
        Assert.Null(SwapAgreement.Check(s_offer, SwapDirection.In, 50_000, 316, s_least));
        (SwapOfferView Offer, SwapDirection Direction, long Amount, string Field)[] refused =
        [
            (s_offer with { IsOpen = false, Problem = "has none" }, SwapDirection.In, 50_000, "--rollup"),
            (s_offer with { OutMax = 0 }, SwapDirection.Out, 50_000, "--rollup"),
            (s_offer, SwapDirection.Out, 500_001, "--amount"),
            (s_offer, SwapDirection.In, 9_999, "--amount"),
            (s_offer with { FeeSat = 217 }, SwapDirection.In, 50_000, "--fee-max"),
            (s_offer with { FeePpm = -1 }, SwapDirection.In, 50_000, "--fee-max"),
            (s_offer with { FeeSat = -1_000 }, SwapDirection.In, 50_000, "--fee-max"),
            (s_offer with { Margins = [6, 36, 36, 35, 72] }, SwapDirection.In, 50_000, "--margins"),
            (s_offer with { Margins = [6, 36, 36] }, SwapDirection.In, 50_000, "--rollup"),
        ];
        foreach (var (offer, direction, amount, field) in refused)
            Assert.Equal(field, SwapAgreement.Check(offer, direction, amount, 316, s_least)!.Field);
    }

    [Fact]
    public void Timeouts_leave_a_client_that_locks_in_time_and_nobody_later_all_the_margins() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte begin, byte seed, bool isIn) =>
        {
            var margins = new SwapMargins { Depth = 1 + (seed & 7), Confirm = 1 + (seed >> 3), Post = 1 + (seed & 15), Anchor = 1 + (seed >> 4), Final = 1 + (seed % 11) };
            var direction = isIn ? SwapDirection.In : SwapDirection.Out;
            var (bitcoin, rollup) = SwapTerms.TimeoutsFor(direction, margins, 1_000 + begin);
            var terms = new SwapTerms(default, direction, default, default, default, default, default, default, default, bitcoin, rollup);
            return terms.FirstLockBy(margins) == 1_000 + begin && terms.FirstTimeout - terms.SecondTimeout == margins.Gap(direction);
        }));

    [Fact]
    public void Terms_that_are_not_the_bytes_of_terms_are_none()
    {
        Assert.Null(new SwapTermsView("", 1).Read());
        Assert.Null(new SwapTermsView(new string('z', 2 * SwapTerms.Length), 1).Read());
        Assert.Null(new SwapTermsView(new string('0', (2 * SwapTerms.Length) + 2), 1).Read());
        var terms = new SwapTerms(default, SwapDirection.Out, default, new(7), new(8), new(2), new(3), default, default, 900, 1_000);
        Assert.Equal(terms, SwapTermsView.Of(terms, s_least).Read());
    }
}
