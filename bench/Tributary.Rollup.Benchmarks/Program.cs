using BenchmarkDotNet.Running;
using Tributary.Proofs.Benchmarks;
using Tributary.Rollup.Benchmarks;
using Tributary.Rollup.Proving;

const string usage = """
    Usage: ./tributary bench rollup [--json] [--intake | --engine] [--log-accounts N] [--transfers N] [--runs N]
           ./tributary bench rollup --filter '*' [OPTIONS OF BENCHMARKDOTNET]

      --json            one JSON document instead of lines
      --intake          the intake of a sequencer alone
      --log-accounts N  log2 of the accounts, from 10 to 22 (20)
      --transfers N     signed transfers of the segment at blowup 2, from 8 to 8000 (1230); at blowup 8 a quarter
      --engine          the engine with its tree alone
      --runs N          measured runs of each figure, after one that warms up (2)
    """;
if (args.Any(static arg => arg is "--filter" or "--list"))
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}

var (json, intake, engine, logAccounts, transfers, runs) = (false, false, false, 20, 1230, 2);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--json":
            json = true;
            break;
        case "--intake":
            intake = true;
            break;
        case "--engine":
            engine = true;
            break;
        case "--log-accounts" when i + 1 < args.Length && int.TryParse(args[i + 1], out logAccounts) && logAccounts is >= 10 and <= 22:
        case "--transfers" when i + 1 < args.Length && int.TryParse(args[i + 1], out transfers) && transfers is >= 8 and <= 8000:
        case "--runs" when i + 1 < args.Length && int.TryParse(args[i + 1], out runs) && runs is >= 1 and <= 100:
            i++;
            break;
        case "-h" or "--help":
            Console.WriteLine(usage);
            return 0;
        default:
            Console.Error.WriteLine($"What {args[i]} asks for is not known or out of range.");
            Console.Error.WriteLine(usage);
            return 2;
    }
}

var report = new FigureReport(Console.Out, json);
report.Begin();
if (!engine)
{
    foreach (var figure in await IntakeFigures.MeasureAsync(accounts: 4_000, rounds: 4, callers: 500))
        report.Add(figure);
}

if (intake)
{
    report.End();
    return 0;
}

using var workload = new Workload(logAccounts);
if (!engine)
{
    var (fast, execution) = workload.Build(transfers);
    report.Add(execution);
    report.Add(SegmentFigures.Prove("fast", SegmentVerifier.Fast, fast, 150, runs));
    report.Add(SegmentFigures.Prove("small", SegmentVerifier.Small, workload.Build(transfers / 4).Segment, 60, runs));
}

workload.ApplyWithTree(1 << 15, 1 << 14);
report.Add(Enumerable.Range(0, runs).Select(_ => workload.ApplyWithTree(1 << 17, 1 << 14)).MaxBy(static figure => figure.Value)!);
var beside = new List<Figure>();
for (var run = 0; run < runs; run++)
    beside.Add(await workload.ApplyWithTreeBesideAsync(1 << 17, 1 << 14));
report.Add(beside.MaxBy(static figure => figure.Value)!);
report.End();
return 0;
