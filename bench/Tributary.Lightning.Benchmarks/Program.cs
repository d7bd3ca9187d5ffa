using System.Globalization;
using BenchmarkDotNet.Running;
using Tributary.Lightning.Benchmarks.Figures;

const string usage = """
    Usage: ./tributary bench lightning [--json] [--part payments|paths|memory] [--flush MS,...] [--payments N] [--single N]
           ./tributary bench lightning --filter '*Onion*'   (BenchmarkDotNet)

      --json        one JSON document instead of lines
      --part        one part alone
      --flush       what a flush of a log takes, in milliseconds; "disk" flushes this machine's (disk,0.08,1,4)
      --payments    payments with a hundred in flight (5000)
      --single      payments one after the other (500)
    """;

// Percentiles over whole nodes and many different paths are no benchmarks of one call: they are measured here. The rest is BenchmarkDotNet's.
if (args is ["memory-child", var folder])
    return await MemoryFigures.RunChildAsync(folder);
var (json, part, flushes, payments, single) = (false, (string?)null, "disk,0.08,1,4", 5_000, 500);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--json":
            json = true;
            break;
        case "--part" when i + 1 < args.Length && args[i + 1] is "payments" or "paths" or "memory":
            part = args[++i];
            break;
        case "--flush" when i + 1 < args.Length && args[i + 1].Split(',').All(static text => text is "disk" || double.TryParse(text, CultureInfo.InvariantCulture, out _)):
            flushes = args[++i];
            break;
        case "--payments" when i + 1 < args.Length && int.TryParse(args[i + 1], out payments) && payments is >= 100 and <= 80_000:
            i++;
            break;
        case "--single" when i + 1 < args.Length && int.TryParse(args[i + 1], out single) && single is >= 1 and <= 10_000:
            i++;
            break;
        case "-h" or "--help":
            Console.WriteLine(usage);
            return 0;
        case "--filter" or "--list" or "--job" or "--info":
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
            return 0;
        default:
            Console.Error.WriteLine($"What {args[i]} asks for is not known or out of range.");
            Console.Error.WriteLine(usage);
            return 2;
    }
}

var report = new FigureReport(Console.Out, json);
report.Begin();
if (part is null or "payments")
{
    foreach (var text in flushes.Split(','))
    {
        TimeSpan? flush = text is "disk" ? null : TimeSpan.FromMilliseconds(double.Parse(text, CultureInfo.InvariantCulture));
        await using var figures = await PaymentFigures.StartAsync(flush);
        await figures.AddToAsync(report, single, payments);
    }
}

if (part is null or "paths")
    PathFigures.AddTo(report, Console.Error);
if (part is null or "memory")
    await MemoryFigures.AddToAsync(report, Console.Error);
report.End();
return 0;
