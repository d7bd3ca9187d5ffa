using System.Diagnostics;
using System.Globalization;
using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Ranking.Simulation;
using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Tabular;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Files;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>Figures of decisions, routing and fairness that documents quote: each from one command.</summary>
internal static class DecisionFigures
{
    private const int WarmUp = 50_000;
    private const int Measured = 200_000;
    private const ulong FirstReportedSeed = 101;
    private const int ReportedSeeds = 20;

    /// <summary>Throughput and latency of decisions on one thread, and of journalled ones on a disk.</summary>
    public static async Task PrintDecisionsAsync(TextWriter output)
    {
        var bench = new DecisionBench();
        Print(output, "without reasons", 20_000, Latencies(() => bench.Decide(withReasons: false)));
        Print(output, "with reasons", 5_000, Latencies(() => bench.Decide(withReasons: true)));

        var folder = Directory.CreateTempSubdirectory("tributary-bench").FullName;
        try
        {
            await using var journal = DecisionJournal.Open(DiskDirectory.Open(folder), new JournalOptions(), TimeProvider.System, new Xoshiro256(1)).Value;
            const int Writers = 64;
            const int Each = 100;
            var start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < Each; i++)
                    await journal.AppendAsync(bench.Decide(withReasons: false).Entry, CancellationToken.None);
            })));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"decided, journalled and synced    {Writers * Each / seconds,9:F0} per second with {Writers} waiting at a time"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The router on the reported seeds of docs/intelligence/routing-simulator.md.</summary>
    public static void PrintRouting(TextWriter output)
    {
        var seeds = Enumerable.Range(0, ReportedSeeds).Select(static i => FirstReportedSeed + (ulong)i);
        output.Write(RoutingStudy.Run(RoutingWorldSettings.Documented, BanditSettings.Default, seeds, progress: null, CancellationToken.None).ToText());
    }

    /// <summary>Fairness by sex on Adult and Taiwan, before and after reweighing.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="folder">The folder with the files of the two data sets.</param>
    public static void PrintFairness(TextWriter output, string folder)
    {
        var sex = ProtectedAttribute.Named("sex", "gender");
        Study(TabularFormat.Adult, new FairnessStudyOptions(sex, SelectedIsFavourable: true, new OutcomeValue(100, -100, 0, -100)), "adult.data.gz", "adult.test.gz");
        Study(TabularFormat.Taiwan, new FairnessStudyOptions(sex, SelectedIsFavourable: false, new OutcomeValue(0, -1_500, 0, -5_000)), "uci_taiwan_default.csv.gz");

        void Study(TabularFormat format, FairnessStudyOptions options, params string[] files)
        {
            var report = TabularReader.ReadFiles(format, [.. files.Select(file => Path.Combine(folder, file))])
                .Then(table => FairnessStudy.Run(table, options, CancellationToken.None));
            output.WriteLine(report.TryGet(out var study, out var refusal) ? study.ToText() : refusal.ToString());
        }
    }

    private static double[] Latencies(Func<AnalystDecision> decide)
    {
        for (var i = 0; i < WarmUp; i++)
            decide();
        var microseconds = new double[Measured];
        for (var i = 0; i < Measured; i++)
        {
            var start = Stopwatch.GetTimestamp();
            decide();
            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return microseconds;
    }

    private static void Print(TextWriter output, string what, int goal, double[] microseconds)
    {
        var perSecond = 1e6 / microseconds.Average();
        Array.Sort(microseconds);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"decide {what,-16} {perSecond,9:F0} per second and core (goal {goal})   median {Quantile(0.5),6:F1} µs   p99 {Quantile(0.99),6:F1} µs   p99.9 {Quantile(0.999),6:F1} µs"));

        double Quantile(double share) => microseconds[(int)(share * (microseconds.Length - 1))];
    }
}
