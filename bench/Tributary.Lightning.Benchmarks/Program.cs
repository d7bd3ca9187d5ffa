using BenchmarkDotNet.Running;
using Tributary.Lightning.Benchmarks;

// "paths" measures a distribution (percentiles over many different queries), which is no benchmark of one call.
if (args is ["paths", ..])
    PathFindingReport.Run(Console.Out);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
