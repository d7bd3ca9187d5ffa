using Tributary.Lightning.Benchmarks.Figures;
using Tributary.Payments.Benchmarks;

const string usage = """
    Usage: ./tributary bench payments [--json] [--intents N] [--rate N] [--seconds N] [--pages N] [--no-load] [--data DIR]

      --json        one JSON document instead of lines
      --intents N   payment intents stored before anything is measured, from 0 to 10000000 (1000000)
      --rate N      requests a second of the open-loop load, from 1 to 5000 (200)
      --seconds N   how long each load lasts after ten seconds that warm up, from 5 to 600 (30)
      --pages N     Lightning payments whose pages are watched, from 10 to 5000 (200)
      --no-load     end after the figures of the database and of starts; nothing is sent
      --data DIR    keep the server's folder here and use what it holds already; otherwise a temporary one

    The server runs as its own process with the decision engine and both Lightning nodes of the demo; load and server share this machine.
    """;

var (json, intents, rate, seconds, pages, isLoaded, data) = (false, 1_000_000, 200, 30, 200, true, (string?)null);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--json":
            json = true;
            break;
        case "--intents" when i + 1 < args.Length && int.TryParse(args[i + 1], out intents) && intents is >= 0 and <= 10_000_000:
        case "--rate" when i + 1 < args.Length && int.TryParse(args[i + 1], out rate) && rate is >= 1 and <= 5000:
        case "--seconds" when i + 1 < args.Length && int.TryParse(args[i + 1], out seconds) && seconds is >= 5 and <= 600:
        case "--pages" when i + 1 < args.Length && int.TryParse(args[i + 1], out pages) && pages is >= 10 and <= 5000:
            i++;
            break;
        case "--no-load":
            isLoaded = false;
            break;
        case "--data" when i + 1 < args.Length:
            data = args[++i];
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
var folder = data is null ? Directory.CreateTempSubdirectory("tributary-bench-").FullName : Path.GetFullPath(data);
try
{
    await new ServerFigures(report, Console.Error, folder, intents).AddAsync(isLoaded, rate, seconds, pages);
}
finally
{
    if (data is null)
        Directory.Delete(folder, recursive: true);
}

report.End();
return 0;
