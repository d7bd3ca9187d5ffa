using Tributary.Proofs.Benchmarks;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Stark;

const string usage = """
    Usage: ./tributary bench proofs [--json] [--log-height N] [--runs N]

      --json          one JSON document instead of lines
      --log-height N  log2 of the permutations proven at once at blowup 2, from 10 to 20 (18); at blowup 8 two fewer
      --runs N        measured runs of each figure, after one that warms up (3)
    """;
var (json, logHeight, runs) = (false, 18, 3);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--json":
            json = true;
            break;
        case "--log-height" when i + 1 < args.Length && int.TryParse(args[i + 1], out logHeight) && logHeight is >= 10 and <= 20:
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
report.Add(KernelFigures.Permutations(Poseidon2Parameters.Width16, runs));
report.Add(KernelFigures.Permutations(Poseidon2Parameters.Width24, runs));
report.Add(KernelFigures.Transforms(logHeight, 1, 64, runs));
report.Add(KernelFigures.Commitment(Math.Min(16, logHeight), 164, runs));
report.Add(ProofFigures.Prove("fast", ProofParameters.Fast, logHeight, 100_000, runs));
report.Add(ProofFigures.Prove("small", ProofParameters.Small, logHeight - 2, 35_000, runs));
report.End();
return 0;
