using System.Globalization;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Handbook;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>
/// How well payments of the handbook's process can be scored by someone who knows the process: Bayes' rule over the day on which a terminal or a customer
/// was compromised, from the same payments and the same delayed outcomes that a model has, each customer's true mean given. Beside it the engine.
/// Approximate where a customer's kinds of fraud overlap.
/// </summary>
internal static class HandbookBound
{
    private const double CustomerRate = 3.0 / 5_000;
    private const double TerminalRate = 2.0 / 10_000;
    private const double UsualTerminalFraud = 28 * TerminalRate;
    private const double UsualCustomerFraud = 14 * CustomerRate / 3;
    private const double Tiny = 1e-9;
    private const int CustomerDays = 14;
    private const int TerminalDays = 28;
    private const int LookBackDays = 60;
    private const long DelayMs = 7 * 86_400_000L;
    private const double SurelyFraud = 220;

    public static int Print(TextWriter output, int seed, string dates)
    {
        var path = Path.GetTempFileName();
        try
        {
            var means = HandbookSimulation.Write(path, seed);
            var payments = HandbookPayments.Read(path).Value;
            var folds = dates.Split(',').Select(static date => DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray();
            var engine = HandbookProtocol.Score(payments, new HandbookOptions { Folds = [.. folds] }, TimeProvider.System).Value;
            var bounds = new (double RocAuc, double Precision, double Cards)[folds.Length];
            var scores = new HandbookScorer(payments, means).Score(engine.Min(static fold => fold.Rows[0]), engine.Max(static fold => fold.Rows[^1]) + 1);
            for (var i = 0; i < folds.Length; i++)
            {
                bounds[i] = Measure(payments, [.. engine[i].Rows], [.. engine[i].Rows.Select(row => scores[row])]);
                output.WriteLine(
                    $"{folds[i]:yyyy-MM-dd} knowing the process: AUC {bounds[i].RocAuc:F4} AP {bounds[i].Precision:F4} CP@100 {bounds[i].Cards:F4}   engine: AUC {engine[i].Result.RocAuc:F4} AP {engine[i].Result.AveragePrecision:F4} CP@100 {engine[i].Result.CardPrecision:F4}   true labels: {engine[i].Result.OracleCardPrecision:F4}");
            }

            output.WriteLine(
                $"mean       knowing the process: AUC {bounds.Average(static bound => bound.RocAuc):F4} AP {bounds.Average(static bound => bound.Precision):F4} CP@100 {bounds.Average(static bound => bound.Cards):F4}   engine: AUC {engine.Average(static fold => fold.Result.RocAuc):F4} AP {engine.Average(static fold => fold.Result.AveragePrecision):F4} CP@100 {engine.Average(static fold => fold.Result.CardPrecision):F4}   true labels: {engine.Average(static fold => fold.Result.OracleCardPrecision):F4}");
            return 0;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static (double RocAuc, double Precision, double Cards) Measure(HandbookPayments payments, int[] rows, double[] scores)
    {
        var labels = Array.ConvertAll(rows, row => payments.IsFraud(row) ? 1f : 0f);
        int[] customers = Array.ConvertAll(rows, row => (int)payments.Customer(row));
        var ranked = new RankedOutcomes(scores, labels);
        var cards = new CardPrecision(Array.ConvertAll(rows, payments.DayNumber), customers, scores, labels, customers.Max() + 1);
        return (ranked.RocAuc(), ranked.AveragePrecision(), cards.At(100));
    }

    private sealed class HandbookScorer(HandbookPayments payments, double[] means)
    {
        private readonly Dictionary<long, List<int>> _ofCustomer = [];
        private readonly Dictionary<ulong, List<int>> _ofTerminal = [];

        public double[] Score(int from, int end)
        {
            var scores = new double[payments.Count];
            for (var row = 0; row < end; row++)
            {
                var customer = Of(_ofCustomer, payments.Customer(row));
                var terminal = Of(_ofTerminal, payments.Payment(row).Entity(EntityKind.Terminal).Low);
                if (row >= from)
                    scores[row] = Amount(row) > SurelyFraud ? 1 : 1 - ((1 - FromTerminal(row, terminal)) * (1 - FromCustomer(row, customer)));
                customer.Add(row);
                terminal.Add(row);
            }

            return scores;

            static List<int> Of<TKey>(Dictionary<TKey, List<int>> lists, TKey key)
                where TKey : notnull
            {
                if (!lists.TryGetValue(key, out var list))
                    lists.Add(key, list = []);
                return list;
            }
        }

        /// <summary>The chance that the customer is compromised and this is one of the payments made larger.</summary>
        private double FromCustomer(int row, List<int> history)
        {
            double fraud = 0, all = 0;
            var (usual, larger) = (Usual(Ratio(row)), Larger(Ratio(row)));
            for (var start = payments.DayNumber(row) - CustomerDays + 1; start <= payments.DayNumber(row); start++)
            {
                var likelihood = CustomerRate;
                for (var k = history.Count - 1; k >= 0 && payments.DayNumber(history[k]) >= start; k--)
                    likelihood *= Evidence(history[k], row);
                fraud += likelihood * larger / 3;
                all += likelihood * ((larger / 3) + (2 * usual / 3));
            }

            return fraud / (all + ((1 - (CustomerDays * CustomerRate)) * usual));
        }

        /// <summary>How much likelier an earlier payment is if the customer was compromised then.</summary>
        private double Evidence(int earlier, int row)
        {
            var (usual, larger) = (Usual(Ratio(earlier)), Larger(Ratio(earlier)));
            if (!IsKnown(earlier, row))
                return ((larger / 3) + (2 * usual / 3)) / usual;
            return payments.IsFraud(earlier) ? ((larger / 3) + (UsualTerminalFraud * usual)) / (UsualTerminalFraud * usual) : 2.0 / 3;
        }

        /// <summary>
        /// The chance that the terminal is compromised: over the day on which it was, if it is, and the day on which it was before, if it was.
        /// </summary>
        private double FromTerminal(int row, List<int> history)
        {
            var day = payments.DayNumber(row);
            var known = history.Where(earlier => payments.DayNumber(earlier) >= day - LookBackDays && IsKnown(earlier, row)).ToArray();
            var hasFrauds = Array.Exists(known, payments.IsFraud);
            double now = 0, not = 0;
            for (var before = day - LookBackDays - 1; before <= day - TerminalDays; before++)
            {
                // The first round stands for "never before"; without a known fraud the others add nothing.
                var wasBefore = before >= day - LookBackDays;
                if (wasBefore && !hasFrauds)
                    break;
                var prior = wasBefore ? TerminalRate : 1;
                not += prior * Likelihood(known, wasBefore ? before : int.MinValue, int.MinValue);
                for (var start = day - TerminalDays + 1; start <= day; start++)
                    now += prior * TerminalRate * Likelihood(known, wasBefore ? before : int.MinValue, start);
            }

            return now / (now + not);
        }

        private double Likelihood(int[] known, int before, int start)
        {
            double likelihood = 1;
            foreach (var earlier in known)
            {
                var day = payments.DayNumber(earlier);
                var isCompromised = (before != int.MinValue && day >= before && day < before + TerminalDays) || (start != int.MinValue && day >= start);
                if (!payments.IsFraud(earlier))
                {
                    if (isCompromised)
                        return 0;
                    continue;
                }

                // A fraud that its amount explains says little about the terminal.
                var otherwise = Amount(earlier) > SurelyFraud ? 1 : UsualCustomerFraud * Math.Max(1, Larger(Ratio(earlier)) / Usual(Ratio(earlier)));
                likelihood *= isCompromised ? 1 : Math.Min(1, otherwise);
            }

            return likelihood;
        }

        private bool IsKnown(int earlier, int row) => payments.Payment(earlier).TimeMs <= payments.Payment(row).TimeMs - DelayMs;

        private double Amount(int row) => payments.AmountMinor(row) / 100.0;

        private double Ratio(int row) => Amount(row) / means[payments.Customer(row)];

        /// <summary>The density of a usual amount over the mean: normal with half the mean as deviation, negative ones drawn again from 0 to 2.</summary>
        private static double Usual(double ratio)
        {
            const double Deviation = 0.5;
            const double NegativeShare = 0.02275;
            var distance = (ratio - 1) / Deviation;
            return Tiny + (Math.Exp(-distance * distance / 2) / (Deviation * Math.Sqrt(2 * Math.PI))) + (ratio <= 2 ? NegativeShare / 2 : 0);
        }

        private static double Larger(double ratio) => Usual(ratio / 5) / 5;
    }
}
