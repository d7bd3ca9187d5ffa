using BenchmarkDotNet.Running;
using Tributary.Intelligence.Benchmarks;

// The named modes print what this machine reaches, each in a few minutes at most; everything else is BenchmarkDotNet's.
switch (args)
{
    case ["help"]:
        Console.Out.WriteLine("usage: figures | tabular NAME REPETITIONS FILE | decisions | routing | fairness FOLDER | arguments of BenchmarkDotNet");
        return 0;
    case ["figures"]:
        Figures.Print(Console.Out);
        return 0;
    case ["tabular", .. var rest]:
        return TabularRun.Run(rest);
    case ["decisions"]:
        await DecisionFigures.PrintDecisionsAsync(Console.Out);
        return 0;
    case ["routing", ..]:
        DecisionFigures.PrintRouting(Console.Out);
        return 0;
    case ["fairness", var folder]:
        DecisionFigures.PrintFairness(Console.Out, folder);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
