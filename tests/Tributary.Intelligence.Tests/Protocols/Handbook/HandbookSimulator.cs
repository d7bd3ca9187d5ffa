using System.Globalization;
using System.Text;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Protocols.Handbook;

/// <summary>
/// Payments of the handbook's process (its chapter 3), small: customers with a mean amount and terminals nearby; amounts above 220, terminals
/// compromised for 28 days, and customers compromised for 14 days whose amounts are five times larger.
/// </summary>
internal static class HandbookSimulator
{
    public const string Header = "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_TIME_SECONDS,TX_TIME_DAYS,TX_FRAUD,TX_FRAUD_SCENARIO";

    public static string Csv(ulong seed = 1, int customers = 250, int terminals = 400, int days = 50)
    {
        var generator = new SeededGenerator(seed);
        var means = new double[customers];
        var rates = new double[customers];
        for (var customer = 0; customer < customers; customer++)
            (means[customer], rates[customer]) = (5 + (95 * generator.NextDouble()), 4 * generator.NextDouble());
        var rows = new List<(int Day, int Second, int Customer, int Terminal, double Amount, int Scenario)>();
        for (var day = 0; day < days; day++)
        {
            for (var customer = 0; customer < customers; customer++)
            {
                for (var chance = rates[customer]; chance > 0; chance--)
                {
                    if (generator.NextDouble() >= chance)
                        continue;
                    var amount = Math.Abs(means[customer] * (1 + (.5 * generator.NextNormal())));
                    var terminal = ((customer * 7) + generator.NextInt32(25)) % terminals;
                    rows.Add((day, generator.NextInt32(86_400), customer, terminal, Math.Round(amount, 2), amount > 220 ? 1 : 0));
                }
            }
        }

        rows.Sort((a, b) => (a.Day, a.Second).CompareTo((b.Day, b.Second)));
        for (var day = 0; day < days; day++)
        {
            var terminal = generator.NextInt32(terminals);
            var victim = generator.NextInt32(customers);
            for (var i = 0; i < rows.Count; i++)
            {
                if (day % 3 == 0 && rows[i].Terminal == terminal && rows[i].Day >= day && rows[i].Day < day + 28)
                    rows[i] = rows[i] with { Scenario = 2 };
                if (day % 2 == 0 && rows[i].Customer == victim && rows[i].Day >= day && rows[i].Day < day + 14 && generator.NextInt32(3) == 0)
                    rows[i] = rows[i] with { Scenario = 3, Amount = Math.Round(rows[i].Amount * 5, 2) };
            }
        }

        var text = new StringBuilder(Header).Append('\n');
        for (var i = 0; i < rows.Count; i++)
        {
            var (day, second, customer, terminal, amount, scenario) = rows[i];
            text.Append(CultureInfo.InvariantCulture, $"{i},{new DateTime(2018, 4, 1).AddDays(day).AddSeconds(second):yyyy-MM-dd HH:mm:ss},{customer},{terminal},{amount},{(day * 86_400) + second},{day},{(scenario > 0 ? 1 : 0)},{scenario}\n");
        }

        return text.ToString();
    }
}
