using BenchmarkDotNet.Running;

// Without words everything runs, rather than a menu.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args);
