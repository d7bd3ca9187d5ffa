namespace Tributary.Intelligence.Protocols;

/// <summary>
/// Card precision@k, as the book's <c>card_precision_top_k</c> has it: each day cards are ranked by their highest score, the precision is the share
/// of the first k that had a fraud that day, those found are left out of later days, and the days are averaged. Equal scores rank by card number.
/// </summary>
internal sealed class CardPrecision
{
    private readonly List<Card>[] _days;

    /// <param name="days">The day of each row.</param>
    /// <param name="cards">The card of each row, an index below <paramref name="cardCount"/>.</param>
    /// <param name="scores">The score of each row.</param>
    /// <param name="labels">1 for each row that is fraud.</param>
    /// <param name="cardCount">Cards.</param>
    public CardPrecision(ReadOnlySpan<int> days, ReadOnlySpan<int> cards, ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, int cardCount)
    {
        CardCount = cardCount;
        var byDay = new SortedDictionary<int, Dictionary<int, Card>>();
        for (var row = 0; row < days.Length; row++)
        {
            if (!byDay.TryGetValue(days[row], out var ofDay))
                byDay.Add(days[row], ofDay = []);
            ofDay[cards[row]] = ofDay.TryGetValue(cards[row], out var card)
                ? new Card(cards[row], Math.Max(card.Score, scores[row]), card.IsFraud || labels[row] == 1)
                : new Card(cards[row], scores[row], labels[row] == 1);
        }

        _days = [.. byDay.Values.Select(ofDay => ofDay.Values.OrderByDescending(card => card.Score).ThenBy(card => card.Number).ToList())];
    }

    /// <summary>Cards, present or not.</summary>
    public int CardCount { get; }

    /// <summary>The mean precision over the days.</summary>
    /// <param name="k">Cards that can be looked at in a day.</param>
    /// <param name="draws">How often each card is present; empty for once each.</param>
    public double At(int k, ReadOnlySpan<int> draws = default)
    {
        var found = new bool[CardCount];
        double sum = 0;
        foreach (var day in _days)
        {
            var places = k;
            var hits = 0;
            foreach (var card in day)
            {
                if (found[card.Number])
                    continue;
                var present = Math.Min(draws.IsEmpty ? 1 : draws[card.Number], places);
                places -= present;
                if (card.IsFraud && present > 0)
                {
                    hits += present;
                    found[card.Number] = true;
                }

                if (places == 0)
                    break;
            }

            sum += hits / (double)k;
        }

        return _days.Length == 0 ? double.NaN : sum / _days.Length;
    }

    private readonly record struct Card(int Number, double Score, bool IsFraud);
}
