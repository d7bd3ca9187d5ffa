namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>
/// A fold: seven test days from a date, trained on the days that end seven days before it. Left out of a test day are the customers who had a fraud
/// in the week that ends seven days before the date, or since then up to eight days before the test day: their cards are known as compromised. That
/// is what the book's <c>get_train_test_set</c> with <c>delta_train=7</c> removes; how many days are trained on does not change it.
/// </summary>
internal sealed class HandbookFold
{
    public const int TestDays = 7;
    public const int DelayDays = 7;
    public const int KnownDays = 7;

    private HandbookFold(DateOnly date, int trainStart, int trainEnd, int[] testRows, int removedCards)
    {
        Date = date;
        TrainStart = trainStart;
        TrainEnd = trainEnd;
        TestRows = testRows;
        RemovedCards = removedCards;
    }

    /// <summary>The first test day.</summary>
    public DateOnly Date { get; }

    /// <summary>The first row trained on.</summary>
    public int TrainStart { get; }

    /// <summary>The row after the last one trained on.</summary>
    public int TrainEnd { get; }

    /// <summary>The rows tested, ascending.</summary>
    public int[] TestRows { get; }

    /// <summary>Customers left out by the last test day.</summary>
    public int RemovedCards { get; }

    /// <summary>Cuts a fold; the payments hold all of its days.</summary>
    public static HandbookFold Cut(HandbookPayments payments, DateOnly date, int trainDays)
    {
        var known = new HashSet<long>();
        AddDefrauded(payments, date.AddDays(-DelayDays - KnownDays), date.AddDays(-DelayDays), known);
        var rows = new List<int>();
        for (var day = 0; day < TestDays; day++)
        {
            var testDay = date.AddDays(day);
            AddDefrauded(payments, testDay.AddDays(-DelayDays - 1), testDay.AddDays(-DelayDays), known);
            for (var row = payments.FirstRowOn(testDay); row < payments.FirstRowOn(testDay.AddDays(1)); row++)
            {
                if (!known.Contains(payments.Customer(row)))
                    rows.Add(row);
            }
        }

        return new HandbookFold(
            date, payments.FirstRowOn(date.AddDays(-DelayDays - trainDays)), payments.FirstRowOn(date.AddDays(-DelayDays)), [.. rows], known.Count);
    }

    private static void AddDefrauded(HandbookPayments payments, DateOnly from, DateOnly until, HashSet<long> known)
    {
        for (var row = payments.FirstRowOn(from); row < payments.FirstRowOn(until); row++)
        {
            if (payments.IsFraud(row))
                known.Add(payments.Customer(row));
        }
    }
}
