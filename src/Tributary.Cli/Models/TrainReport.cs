using System.Collections.Immutable;

namespace Tributary.Cli.Models;

/// <summary>What was trained.</summary>
/// <param name="Model">The file written.</param>
/// <param name="Identity">The model's hash, by which journals name it.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Data">The file trained on.</param>
/// <param name="DataSha256">Of its bytes.</param>
/// <param name="Payments">Payments trained on.</param>
/// <param name="Frauds">Of them fraud.</param>
/// <param name="Features">Features.</param>
/// <param name="Metrics">What a model trained on the earlier payments showed on the last 30 %.</param>
/// <param name="Seed">The seed.</param>
/// <param name="ElapsedSeconds">How long it took.</param>
/// <param name="Machine">Where.</param>
internal sealed record TrainReport(
    string Model,
    string Identity,
    long Bytes,
    string Data,
    string DataSha256,
    long Payments,
    long Frauds,
    int Features,
    ImmutableSortedDictionary<string, double> Metrics,
    ulong Seed,
    double ElapsedSeconds,
    string Machine);
