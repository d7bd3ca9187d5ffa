using Tributary.Intelligence.Protocols;

namespace Tributary.Intelligence.Tests.Protocols;

public sealed class CardPrecisionTests
{
    [Fact]
    public void A_card_found_on_one_day_is_left_out_of_the_next()
    {
        // Day 1: cards 0 and 1 are looked at, 0 is found. Day 2: 0 is out, so 2 and 1 are looked at, and 2 is found. Day 3: only 1 is left.
        var precision = new CardPrecision(
            days: [1, 1, 1, 2, 2, 2, 3],
            cards: [0, 1, 2, 0, 2, 1, 1],
            scores: [.9, .8, .1, .9, .7, .6, .5],
            labels: [1, 0, 1, 1, 1, 0, 1],
            cardCount: 3);
        Assert.Equal((.5 + .5 + .5) / 3, precision.At(2), 12);
    }

    [Fact]
    public void A_card_ranks_by_its_highest_score_and_counts_by_any_of_its_frauds()
    {
        var precision = new CardPrecision([1, 1, 1], [0, 0, 1], [.2, .9, .5], [1, 0, 0], 2);
        Assert.Equal(1, precision.At(1));
        Assert.Equal(.5, precision.At(2));
    }

    [Fact]
    public void Fewer_cards_than_places_still_divide_by_the_places() =>
        Assert.Equal(.01, new CardPrecision([1], [0], [.5], [1], 1).At(100), 12);

    [Fact]
    public void A_card_drawn_twice_takes_two_places_and_one_drawn_never_none()
    {
        var precision = new CardPrecision([1, 1, 1], [0, 1, 2], [.9, .8, .7], [1, 0, 1], 3);
        Assert.Equal(2.0 / 3, precision.At(3, [2, 1, 0]), 12);
        Assert.Equal(1.0 / 2, precision.At(2, [0, 1, 1]), 12);
    }
}
