using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>The goals beside what this machine reaches, by the best of several runs.</summary>
internal static class Figures
{
    public static void Print(TextWriter output)
    {
        output.WriteLine($"{Processor()}, {Environment.ProcessorCount} cores, AVX-512 {(Avx512F.IsSupported ? "yes" : "no")}, .NET {Environment.Version}");
        output.WriteLine("One thread; 15 features, 100 trees of 31 leaves; the best of the runs, and their median.");
        GbdtModel? model = null;
        var (x, y) = PaymentTable.Create(268_000);
        Report(output, "train 268,000 rows", 1.0, "s", Measure(7, () => model = GbdtTrainer.Train(x, y, new GbdtOptions { TreeCount = 100, Threads = 1 })));
        var (wideX, wideY) = PaymentTable.Create(863_000);
        Report(output, "train 863,000 rows", 3.6, "s", Measure(5, () => GbdtTrainer.Train(wideX, wideY, new GbdtOptions { TreeCount = 100, Threads = 1 })));

        const int RowCount = 4096;
        var rows = PaymentTable.Rows(x, RowCount);
        var contributions = new double[PaymentTable.Features];
        var explainer = new TreeExplainer(model!);
        var traversal = new TreeTraversal(model!.Trees);
        double sum = 0;
        Report(output, "score a row", 1.0, "µs", Scale(Measure(50, () => Each(row => sum += model.Score(row))), RowCount));
        Report(output, "score a row, reference walk", double.NaN, "µs", Scale(Measure(50, () => Each(row => sum += traversal.Sum(row))), RowCount));
        Report(output, "explain a row (Shapley values)", 170, "µs", Scale(Measure(12, () => Each(row => sum += explainer.Explain(row, contributions))), RowCount));
        output.WriteLine($"(checksum {sum:E6})");
        FeatureFigures.PrintAllocation(output, model, rows);
        FeatureFigures.PrintStore(output);

        void Each(Action<float[]> action)
        {
            foreach (var row in rows)
                action(row);
        }
    }

    private static double[] Measure(int runs, Action action)
    {
        var seconds = new double[runs];
        action();
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            seconds[run] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        return seconds;
    }

    private static double[] Scale(double[] seconds, int count) => Array.ConvertAll(seconds, value => value * 1e6 / count);

    private static void Report(TextWriter output, string what, double goal, string unit, double[] sorted) => output.WriteLine(
        $"{what,-32} best {sorted[0],8:F3} {unit}   median {sorted[sorted.Length / 2],8:F3} {unit}{(double.IsNaN(goal) ? "" : $"   goal {goal} {unit}")}");

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        if (!File.Exists(CpuInfo))
            return System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
        return File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "a processor";
    }
}
