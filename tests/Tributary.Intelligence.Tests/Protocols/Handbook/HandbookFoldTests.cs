using Tributary.Intelligence.Protocols.Handbook;

namespace Tributary.Intelligence.Tests.Protocols.Handbook;

public sealed class HandbookFoldTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(7)]
    [InlineData(14)]
    [InlineData(1)]
    public void A_fold_is_what_the_books_function_cuts(int trainDays)
    {
        var payments = HandbookPayments.Read(_folder.Write(HandbookSimulator.Csv()), cancellationToken: TestContext.Current.CancellationToken).Value;
        var date = new DateOnly(2018, 4, 30);
        var fold = HandbookFold.Cut(payments, date, trainDays);

        // By the book, in its own terms: days since the first, sets of customers, delta_train = 7 for what is removed.
        var days = Enumerable.Range(0, payments.Count).Select(row => payments.DayNumber(row) - payments.FirstDay.DayNumber).ToArray();
        var first = date.DayNumber - payments.FirstDay.DayNumber - 14;
        var known = Defrauded(day => day >= first && day < first + 7);
        var expected = new List<int>();
        for (var day = 0; day < 7; day++)
        {
            known.UnionWith(Defrauded(other => other == first + 7 + day - 1));
            expected.AddRange(Enumerable.Range(0, payments.Count).Where(row => days[row] == first + 14 + day && !known.Contains(payments.Customer(row))));
        }

        Assert.Equal(expected, fold.TestRows);
        Assert.Equal(known.Count, fold.RemovedCards);
        var train = Enumerable.Range(0, payments.Count).Where(row => days[row] >= first + 7 - trainDays && days[row] < first + 7).ToArray();
        Assert.Equal((train[0], train[^1] + 1), (fold.TrainStart, fold.TrainEnd));
        Assert.NotEqual(0, fold.RemovedCards);

        HashSet<long> Defrauded(Func<int, bool> on) =>
            [.. Enumerable.Range(0, payments.Count).Where(row => payments.IsFraud(row) && on(days[row])).Select(payments.Customer)];
    }
}
