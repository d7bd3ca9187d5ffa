using System.Diagnostics;
using Tributary.Intelligence.Selection;
using Tributary.Intelligence.Tabular;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>The protocol of docs/intelligence/models.md on a file: <c>tabular FORMAT REPETITIONS FILE [FILE …] [--json]</c>.</summary>
internal static class TabularRun
{
    public static int Run(string[] args)
    {
        var asJson = args.Contains("--json", StringComparer.Ordinal);
        var words = args.Where(word => !word.Equals("--json", StringComparison.Ordinal)).ToArray();
        if (words.Length < 3 || !int.TryParse(words[1], out var repetitions) || repetitions < 1
            || TabularFormat.All.FirstOrDefault(known => known.Name.Equals(words[0], StringComparison.Ordinal)) is not { } format)
        {
            Console.Error.WriteLine($"tabular {string.Join('|', TabularFormat.All.Select(known => known.Name))} REPETITIONS FILE [FILE …] [--json]");
            return 2;
        }

        if (!TabularReader.ReadFiles(format, words[2..]).TryGet(out var table, out var refusal))
        {
            Console.Error.WriteLine(refusal);
            return 1;
        }

        var start = Stopwatch.GetTimestamp();
        var result = NestedCrossValidation.Run(table, new SelectionOptions(), repetitions: repetitions, progress: new Reporter(5 * repetitions, start));
        Console.WriteLine(asJson ? NestedReport.ToJson(result) : NestedReport.ToText(result));
        return 0;
    }

    private sealed class Reporter(int folds, long start) : IProgress<NestedFold>
    {
        private int _done;

        public void Report(NestedFold value)
        {
            _done++;
            var elapsed = Stopwatch.GetElapsedTime(start);
            Console.Error.WriteLine($"{_done}/{folds}  {value.RocAuc:F4}  {value.Chosen}  ({elapsed / _done * (folds - _done):hh\\:mm\\:ss} left)");
        }
    }
}
