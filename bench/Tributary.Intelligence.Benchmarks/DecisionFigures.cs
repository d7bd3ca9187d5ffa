using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Privacy.Storage;
using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Intelligence.Ranking.Simulation;
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

    /// <summary>Pseudonyms of identities that have a key, and an erasure on a disk.</summary>
    public static void PrintPrivacy(TextWriter output)
    {
        const int Identities = 100_000;
        var folder = Directory.CreateTempSubdirectory("tributary-bench").FullName;
        try
        {
            using var storage = new FileSubjectKeyStorage(folder);
            var master = RandomNumberGenerator.GetBytes(32);
            var identities = Array.ConvertAll(Enumerable.Range(0, Identities).ToArray(), i => Identity.Create("card", $"card number {i}").Value);
            using (var keys = SubjectKeys.Open(storage, master, new SystemEntropy()).Value)
            {
                Report($"new pseudonym, {Identities} of them, committed", Identities, () =>
                {
                    foreach (var identity in identities)
                        _ = keys.PseudonymOf(identity).Value;
                    keys.Commit();
                });
                Report("known pseudonym", Identities, () =>
                {
                    foreach (var identity in identities)
                        _ = keys.PseudonymOf(identity).Value;
                });
                Report("erasure of one, overwritten and synced", 100, () =>
                {
                    foreach (var identity in identities.AsSpan(0, 100))
                        keys.Erase(identity);
                });
            }

            Report($"opening {Identities - 100} keys", 1, () =>
            {
                using var again = SubjectKeys.Open(storage, master, new SystemEntropy()).Value;
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Report(string what, int times, Action action)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-48} {Stopwatch.GetElapsedTime(start).TotalMicroseconds / times,12:F2} µs"));
        }
    }

    /// <summary>
    /// The router on the reported seeds of docs/intelligence/routing-simulator.md; with "robustness", on other seeds and in other worlds.
    /// </summary>
    public static void PrintRouting(TextWriter output, bool robustness)
    {
        var documented = RoutingWorldSettings.Documented;
        if (!robustness)
        {
            output.Write(RoutingStudy.Run(documented, BanditSettings.Default, Seeds(FirstReportedSeed, ReportedSeeds), progress: null, CancellationToken.None).ToText());
            return;
        }

        Line("documented, seeds 1001 … 1040", seed => new RoutingWorld(documented, seed), 1001, 40);
        Line("acquirers, seeds 101 … 120", seed => new AcquirerWorld(AcquirerWorldSettings.Documented, seed), 101, 20);
        Line("three processors", seed => new RoutingWorld(documented with { ProcessorCount = 3 }, seed));
        Line("ten processors", seed => new RoutingWorld(documented with { ProcessorCount = 10 }, seed));
        Line("a payment every 5 s", seed => new RoutingWorld(documented with { MeanInterarrival = TimeSpan.FromSeconds(5) }, seed));
        Line("a payment every 3 min", seed => new RoutingWorld(documented with { MeanInterarrival = TimeSpan.FromMinutes(3) }, seed));
        Line("outages every day", seed => new RoutingWorld(documented with { MeanUptime = TimeSpan.FromDays(1) }, seed));
        Line("outages of 5 min", seed => new RoutingWorld(documented with { OutageLength = (TimeSpan.FromMinutes(5), 0.9) }, seed));
        Line("outages of 6 h", seed => new RoutingWorld(documented with { OutageLength = (TimeSpan.FromHours(6), 0.9) }, seed));
        Line("no outages", seed => new RoutingWorld(documented with { MeanUptime = TimeSpan.FromDays(10_000) }, seed));
        Line("drift twice as fast", seed => new RoutingWorld(documented with { CommonDrift = (0.25, TimeSpan.FromDays(1.5)), SegmentDrift = (0.25, TimeSpan.FromDays(1)), Steps = (TimeSpan.FromDays(3), 1.0 / 3) }, seed));
        Line("segments at 0.6 … 1 of the rates", seed => new SegmentLevelWorld(new RoutingWorld(documented, seed), 0.6, seed));
        Line("segments at 0.3 … 1 of the rates", seed => new SegmentLevelWorld(new RoutingWorld(documented, seed), 0.3, seed));
        Line("a world drawn for each seed", seed => new RoutingWorld(Drawn(documented, seed), seed), count: 40);
        Line("outcomes after minutes", seed => new RoutingWorld(documented with { OutcomeDelay = (TimeSpan.FromMinutes(4), 0.8) }, seed));

        void Line(string name, Func<ulong, IRoutingWorld> world, ulong first = 101, int count = 10)
        {
            var report = RoutingStudy.Run(world, BanditSettings.Default, Seeds(first, count), progress: null, CancellationToken.None);
            var shares = report.Runs.Select(static run => run.Router.GapShare).Order().ToArray();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-32} router {report.RouterMean:F3} (lowest {report.RouterLowest:F3}, quartiles {shares[count / 4]:F3} {shares[count / 2]:F3} {shares[3 * count / 4]:F3}, {shares.Count(static share => share >= .86)} of {count} at .86 or more)   window {report.BaselineMean:F3} (lowest {report.BaselineLowest:F3})   {count} seeds"));
            output.Flush();
        }

        // Everything that a router cannot know beforehand, each within a factor of some four around the documented world.
        static RoutingWorldSettings Drawn(RoutingWorldSettings world, ulong seed)
        {
            var variates = new Variates(new Xoshiro256(seed + 7_000_000));
            double Between(double low, double high) => low * Math.Pow(high / low, variates.NextUniform());
            var segments = 2 + variates.NextIndex(9);
            return world with
            {
                ProcessorCount = 3 + variates.NextIndex(8),
                SegmentShares = [.. Enumerable.Range(1, segments).Select(rank => (1.0 / rank) / Enumerable.Range(1, segments).Sum(static other => 1.0 / other))],
                MeanInterarrival = TimeSpan.FromSeconds(Between(8, 90)),
                MeanUptime = TimeSpan.FromDays(Between(1, 8)),
                OutageLength = (TimeSpan.FromMinutes(Between(8, 240)), 0.9),
                CommonDrift = (Between(0.12, 0.4), TimeSpan.FromDays(Between(1, 8))),
                SegmentDrift = (Between(0.12, 0.4), TimeSpan.FromDays(Between(1, 8))),
                Steps = (TimeSpan.FromDays(Between(2, 15)), 1.0 / 3),
            };
        }

        static IEnumerable<ulong> Seeds(ulong first, int count) => Enumerable.Range(0, count).Select(i => first + (ulong)i);
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
