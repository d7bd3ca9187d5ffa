using BenchmarkDotNet.Running;
using Tributary.Intelligence.Benchmarks;

// The first four print the project's goals beside what this machine reaches; everything else is BenchmarkDotNet's.
if (args is ["figures", ..])
    Figures.Print(Console.Out);
else if (args is ["decisions", ..])
    await DecisionFigures.PrintDecisionsAsync(Console.Out);
else if (args is ["routing", ..])
    DecisionFigures.PrintRouting(Console.Out);
else if (args is ["fairness", var folder])
    DecisionFigures.PrintFairness(Console.Out, folder);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
