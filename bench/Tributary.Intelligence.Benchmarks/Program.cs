using System.Globalization;
using BenchmarkDotNet.Running;
using Tributary.Intelligence.Benchmarks;

// The named modes print what this machine reaches, each in a few minutes at most; everything else is BenchmarkDotNet's.
switch (args)
{
    case ["help"]:
        Console.Out.WriteLine("usage: figures | features | handbook-file SEED FILE | handbook-bound SEED DATE,DATE,... | tabular FORMAT REPETITIONS FILE [FILE …] [--json] | decisions | privacy | routing [robustness] | fairness FOLDER | arguments of BenchmarkDotNet");
        return 0;
    case ["handbook-file", var seed, var file]:
        _ = HandbookSimulation.Write(file, int.Parse(seed, CultureInfo.InvariantCulture));
        return 0;
    case ["handbook-bound", var seed, var dates]:
        return HandbookBound.Print(Console.Out, int.Parse(seed, CultureInfo.InvariantCulture), dates);
    case ["figures"]:
        Figures.Print(Console.Out);
        return 0;
    case ["features"]:
        FeatureFigures.PrintStore(Console.Out);
        return 0;
    case ["tabular", .. var rest]:
        return TabularRun.Run(rest);
    case ["decisions"]:
        await DecisionFigures.PrintDecisionsAsync(Console.Out);
        return 0;
    case ["privacy"]:
        DecisionFigures.PrintPrivacy(Console.Out);
        return 0;
    case ["routing"] or ["routing", "robustness"]:
        DecisionFigures.PrintRouting(Console.Out, robustness: args.Length > 1);
        return 0;
    case ["fairness", var folder]:
        DecisionFigures.PrintFairness(Console.Out, folder);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
