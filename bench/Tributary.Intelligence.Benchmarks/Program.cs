using BenchmarkDotNet.Running;
using Tributary.Intelligence.Benchmarks;

// "figures" prints the project's goals beside what this machine reaches, in a minute; "tabular" runs the nested cross-validation of a public
// table; everything else is BenchmarkDotNet's.
switch (args)
{
    case ["figures"]:
        Figures.Print(Console.Out);
        return 0;
    case ["tabular", .. var rest]:
        return TabularRun.Run(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
