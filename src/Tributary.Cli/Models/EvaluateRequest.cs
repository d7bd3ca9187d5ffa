using System.Collections.Immutable;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Protocols;

namespace Tributary.Cli.Models;

/// <summary>What is to be measured.</summary>
/// <param name="Format">The format of the file, which names the protocol.</param>
/// <param name="Data">The file.</param>
/// <param name="Folds">The first test day of each fold (handbook); empty for the last weeks of the file.</param>
/// <param name="TrainDays">Days trained on (handbook).</param>
/// <param name="TopCards">Cards that can be looked at in a day (handbook).</param>
/// <param name="Features">The features.</param>
/// <param name="WithReference">Also measures the reference features.</param>
/// <param name="Replicates">Resamples for the intervals.</param>
/// <param name="Seed">The seed of training and resampling.</param>
/// <param name="Html">Where the page goes; null for none.</param>
/// <param name="Command">The command line, for the report.</param>
internal sealed record EvaluateRequest(
    PaymentFormat Format,
    FileInfo Data,
    ImmutableArray<DateOnly> Folds,
    int TrainDays,
    int TopCards,
    FeatureSet Features,
    bool WithReference,
    int Replicates,
    ulong Seed,
    FileInfo? Html,
    string Command);
