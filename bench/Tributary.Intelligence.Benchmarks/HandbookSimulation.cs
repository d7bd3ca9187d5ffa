using System.Globalization;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>
/// The handbook's process (its chapter 3) by another seed: 5,000 customers, 10,000 terminals, 183 days; amounts above 220, terminals compromised for 28
/// days, customers compromised for 14 days of whose payments a third are five times larger.
/// </summary>
internal static class HandbookSimulation
{
    private const int Customers = 5_000;
    private const int Terminals = 10_000;
    private const int Days = 183;
    private const int DaySeconds = 86_400;
    private const double Reach = 5;

    /// <summary>Writes a file and gives each customer's mean amount.</summary>
    public static double[] Write(string path, int seed)
    {
        var random = new Random(seed);
        var places = Enumerable.Range(0, Terminals).Select(_ => (X: Uniform(random, 0, 100), Y: Uniform(random, 0, 100))).ToArray();
        var means = new double[Customers];
        var rows = new List<Row>();
        for (var customer = 0; customer < Customers; customer++)
            means[customer] = AddCustomer(random, customer, places, rows);
        rows.Sort(static (a, b) => ((a.Day * DaySeconds) + a.Second).CompareTo((b.Day * DaySeconds) + b.Second));
        AddFrauds(random, rows);
        using var writer = new StreamWriter(path);
        writer.WriteLine("TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD");
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            var time = new DateTime(2018, 4, 1).AddDays(row.Day).AddSeconds(row.Second);
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i},{time:yyyy-MM-dd HH:mm:ss},{row.Customer},{row.Terminal},{row.Amount},{(row.IsFraud ? 1 : 0)}"));
        }

        return means;
    }

    private static double AddCustomer(Random random, int customer, (double X, double Y)[] places, List<Row> rows)
    {
        double x = Uniform(random, 0, 100), y = Uniform(random, 0, 100), mean = Uniform(random, 5, 100), rate = Uniform(random, 0, 4);
        var near = Enumerable.Range(0, Terminals).Where(i => ((places[i].X - x) * (places[i].X - x)) + ((places[i].Y - y) * (places[i].Y - y)) < Reach * Reach).ToArray();
        for (var day = 0; near.Length > 0 && day < Days; day++)
        {
            for (var left = Poisson(random, rate); left > 0; left--)
            {
                var second = (int)(43_200 + (20_000 * Normal(random)));
                if (second is <= 0 or >= DaySeconds)
                    continue;
                var amount = mean + (mean / 2 * Normal(random));
                if (amount < 0)
                    amount = Uniform(random, 0, 2 * mean);
                rows.Add(new Row(day, second, customer, near[random.Next(near.Length)], Math.Round(amount, 2), false));
            }
        }

        return mean;
    }

    private static void AddFrauds(Random random, List<Row> rows)
    {
        const double SurelyFraud = 220;
        for (var i = 0; i < rows.Count; i++)
            rows[i] = rows[i] with { IsFraud = rows[i].Amount > SurelyFraud };
        var ofTerminal = Enumerable.Range(0, rows.Count).ToLookup(i => rows[i].Terminal);
        var ofCustomer = Enumerable.Range(0, rows.Count).ToLookup(i => rows[i].Customer);
        for (var day = 0; day < Days; day++)
        {
            for (var terminal = 0; terminal < 2; terminal++)
            {
                foreach (var i in ofTerminal[random.Next(Terminals)].Where(i => rows[i].Day >= day && rows[i].Day < day + 28))
                    rows[i] = rows[i] with { IsFraud = true };
            }
        }

        for (var day = 0; day < Days; day++)
        {
            for (var customer = 0; customer < 3; customer++)
            {
                var payments = ofCustomer[random.Next(Customers)].Where(i => rows[i].Day >= day && rows[i].Day < day + 14).ToArray();
                random.Shuffle(payments);
                foreach (var i in payments.Take(payments.Length / 3))
                    rows[i] = rows[i] with { IsFraud = true, Amount = Math.Round(rows[i].Amount * 5, 2) };
            }
        }
    }

    private static double Uniform(Random random, double from, double until) => from + ((until - from) * random.NextDouble());

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static int Poisson(Random random, double mean)
    {
        var limit = Math.Exp(-mean);
        var count = -1;
        for (double product = 1; product > limit; product *= random.NextDouble())
            count++;
        return count;
    }

    private readonly record struct Row(int Day, int Second, int Customer, int Terminal, double Amount, bool IsFraud);
}
