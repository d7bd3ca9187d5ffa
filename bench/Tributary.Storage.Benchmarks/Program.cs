using BenchmarkDotNet.Running;
using Tributary.Storage.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(AppendBenchmarks).Assembly).Run(args);
