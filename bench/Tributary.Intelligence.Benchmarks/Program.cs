using BenchmarkDotNet.Running;
using Tributary.Intelligence.Benchmarks;

// "figures" prints the project's goals beside what this machine reaches, in a minute; everything else is BenchmarkDotNet's.
if (args is ["figures", ..])
    Figures.Print(Console.Out);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
